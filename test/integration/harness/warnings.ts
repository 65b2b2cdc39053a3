// Warning headers as a client of the API server reads them: RFC 7234, section 5.5, and
// https://github.com/kubernetes/apimachinery/blob/v0.34.4/pkg/util/net/http.go (ParseWarningHeader).

const WARNING = /\s*(\d{3}) (\S+) "((?:\\.|[^"\\])*)"(?: "[^"]*")?\s*(?:,|$)/gsy;

/** The texts of a Warning header, where HTTP may have joined several; throws on one that does not parse. */
export function parseWarnings(header: string | null | undefined): string[] {
  if (header === undefined || header === null) return [];
  // HTTP clients hand header bytes over one by one; the API server writes UTF-8.
  const text = Buffer.from(header, 'latin1').toString('utf8');
  const found = [...text.matchAll(WARNING)];
  const parsed = found.reduce((length, match) => length + match[0].length, 0);
  if (parsed !== text.length) throw new Error(`malformed Warning header: ${text}`);
  return found.map((match) => (match[3] ?? '').replaceAll(/\\(.)/gs, '$1'));
}
