"""What can be awarded: achievements in versions."""
