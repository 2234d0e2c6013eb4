/** Every text people read passes here, so that another language is only a catalogue. */

const catalogue = new Map();

/** Translate `text` and put the named values in. */
export function _(text, values = {}) {
  const said = catalogue.get(text) ?? text;
  return said.replace(/%\((\w+)\)s/g, (all, name) => values[name] ?? all);
}

export const day = (moment) =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(moment));

export const minute = (moment) =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(moment),
  );

export const VERDICTS = {
  valid: _("Valid"),
  genuine_with_remarks: _("Genuine, with remarks"),
  not_valid: _("Not valid"),
  could_not_check: _("Could not be checked"),
};

export const OUTCOMES = {
  passed: _("passed"),
  failed: _("failed"),
  unknown: _("could not be checked"),
};

export const CHECKS = {
  structure: _("Form of the credential"),
  proof: _("Digital seal"),
  issuer: _("Identity of the issuer"),
  register: _("Issuer is in a register"),
  dates: _("Dates"),
  status: _("Revocation"),
  schema: _("Rules of the standard"),
  recipient: _("Person"),
  resources: _("Linked files"),
  endorsements: _("Endorsements"),
  refresh: _("Newer version"),
};

export const FORMATS = {
  ldp_vc: _("Open Badge 3.0"),
  jwt_vc_json: _("Open Badge 3.0 as a token (JWT)"),
  "dc+sd-jwt": _("Credential for EU wallets (SD-JWT VC)"),
};
