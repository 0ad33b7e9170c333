import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';

// jsdom knows the dialog element but not its methods; these do what the page relies on and nothing more.
const dialogs = globalThis.HTMLDialogElement?.prototype;
if (dialogs && typeof dialogs.showModal !== 'function') {
  dialogs.showModal = function showModal(this: HTMLDialogElement) {
    this.setAttribute('open', '');
    this.querySelector<HTMLElement>('input, button, select, textarea, [tabindex]')?.focus();
  };
  dialogs.close = function close(this: HTMLDialogElement) {
    this.removeAttribute('open');
  };
}
if (globalThis.window) {
  window.scrollTo = () => {};
  Element.prototype.scrollIntoView = () => {};
}

// A failing test tells what it looked for, not the whole page.
if (globalThis.window)
  configure({
    getElementError: (message) => Object.assign(new Error(message ?? 'Not found'), { name: 'NotOnThePage' }),
    asyncUtilTimeout: 15_000,
  });

if (globalThis.HTMLCanvasElement) {
  // axe draws icons to compare them where it can; here it cannot, and jsdom complains aloud.
  HTMLCanvasElement.prototype.getContext = () => null;
}

beforeEach(() => {
  globalThis.localStorage?.clear();
  globalThis.window?.history.replaceState(null, '', '/');
});
afterEach(() => cleanup());
