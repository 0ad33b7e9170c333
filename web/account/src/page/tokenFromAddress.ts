/** Takes the one-time token of a mail's link and removes it from the address, so that it is neither bookmarked nor shared by accident. */
export function tokenFromAddress(): string | null {
  const address = new URL(window.location.href);
  const token = address.searchParams.get('token') ?? new URLSearchParams(address.hash.slice(1)).get('token');
  if (!token) return null;
  address.searchParams.delete('token');
  address.hash = '';
  window.history.replaceState(null, '', address.pathname + address.search);
  return token;
}
