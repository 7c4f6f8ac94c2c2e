// Phones for the eye and for the clipboard.

/** The forms in which sites ask for a number. */
export interface PhoneForms {
  /** "+447911123456" */
  full: string;
  /** "447911123456" */
  digits: string;
  /** "7911123456": without the country's calling code. */
  local: string;
  /** "+44 791 112 3456" */
  pretty: string;
}

/** Splits an E.164 number; dial is the country's calling code, "" when it is not known. */
export function phoneForms(phone: string, dial: string): PhoneForms {
  const digits = phone.replace(/\D/g, '');
  const known = dial !== '' && digits.startsWith(dial);
  const local = known ? digits.slice(dial.length) : digits;
  const pretty = known ? `+${dial} ${grouped(local)}` : `+${grouped(digits)}`;
  return { full: `+${digits}`, digits, local, pretty: pretty.replace(/ /g, '\u00a0') };
}

/** 3 3 3, 3 3 4, 4 4 …: groups the eye can hold, no lonely digit at the end. */
function grouped(digits: string): string {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > 4) {
    const take = rest.length === 8 ? 4 : 3;
    groups.push(rest.slice(0, take));
    rest = rest.slice(take);
  }
  groups.push(rest);
  return groups.join(' ');
}
