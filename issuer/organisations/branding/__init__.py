"""How an organisation appears to learners and employers: logo, colours, mail, languages."""
