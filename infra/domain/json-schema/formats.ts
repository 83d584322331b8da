/**
 * Formats that are checked. Others are notes to the reader, as the standard has it
 * (https://json-schema.org/draft/2020-12/json-schema-validation#section-7).
 */
const formats: Readonly<Record<string, { readonly test: (text: string) => boolean; is: string }>> =
  {
    uri: { test: (text) => URL.canParse(text) && /^[!-~]+$/.test(text), is: "an absolute URI" },
    date: { test: isDate, is: "a day such as 2030-01-31" },
    "date-time": {
      test: (text) => {
        const [day = "", time = ""] = text.split(/t/i, 2);
        return isDate(day) && timeOfDay.test(time);
      },
      is: "a time such as 2030-01-31T12:00:00Z",
    },
    email: { test: (text) => /^[^@\s]{1,64}@[^@\s]{1,253}$/.test(text), is: "an e-mail address" },
    hostname: {
      test: (text) => text.length <= 253 && text.split(".").every((label) => dnsLabel.test(label)),
      is: "a host name",
    },
    ipv4: { test: (text) => ipv4.test(text), is: "an IPv4 address" },
    ipv6: {
      test: (text) => text.includes(":") && URL.canParse(`http://[${text}]`),
      is: "an IPv6 address",
    },
    uuid: { test: (text) => uuid.test(text), is: "a UUID" },
    regex: { test: isPattern, is: "a regular expression" },
  };

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;
const ipv4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?=\d)|$)){4}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a text has to be for a format and is not, or undefined when it fits. */
export function formatProblem(format: string, text: string): string | undefined {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return known === undefined || known.test(text) ? undefined : known.is;
}

/** Whether a text is a regular expression of ECMA-262, with its Unicode rules. */
export function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}
