/** The page's own files work without a connection; data never passes through here, it has its own store per user. */
export async function registerShellCache(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  } catch {
    // Without it the page needs a connection to open, and nothing else changes.
  }
}
