/** The text of the service worker, written at build time because only then the names of the files are known. */
export function serviceWorker(files: readonly string[], version: string): string {
  return `const cacheName = 'todo-shell-${version}';
const files = ${JSON.stringify([...files, '/icon.svg', '/manifest.webmanifest'])};

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('todo-shell-') && name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/session')) return;
  if (event.request.mode === 'navigate') {
    // The newest page when somebody answers, the kept one when nobody does or the server is in trouble.
    const kept = () => caches.match('/');
    event.respondWith(fetch(event.request).then((answer) => (answer.status < 500 ? answer : kept().then((page) => page ?? answer)), kept));
    return;
  }
  event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
});
`;
}
