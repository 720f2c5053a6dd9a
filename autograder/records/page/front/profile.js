// A link with which a holder adds a valid record to a LinkedIn profile. records/profile.py writes the same.

function profileLink(record) {
  const [from, until] = [record.validFrom, record.validUntil].map((text) => (text ? new Date(moment(text)) : null));
  const { url } = record.issuer;
  const told = {
    startTask: "CERTIFICATION_NAME",
    name: record.credentialSubject.achievement.name,
    organizationName: record.issuer.name ?? record.issuer.id ?? record.issuer,
    issueYear: from.getUTCFullYear(),
    issueMonth: from.getUTCMonth() + 1,
    ...(until ? { expirationYear: until.getUTCFullYear(), expirationMonth: until.getUTCMonth() + 1 } : {}),
    ...(isText(url) && url.startsWith("https://") ? { certUrl: `${url.replace(/\/+$/, "")}/#${record.id}` } : {}),
    certId: record.id,
  };
  // RFC 3986 keeps more marks than encodeURIComponent does.
  const written = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `https://www.linkedin.com/profile/add?${Object.entries(told).map(([name, value]) => `${name}=${written(value)}`).join("&")}`;
}
