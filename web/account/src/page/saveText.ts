/** Hands a text to the person as a file, without asking the server for it. */
export function saveText(name: string, text: string, type = 'text/plain'): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes by the next turn of the loop.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
