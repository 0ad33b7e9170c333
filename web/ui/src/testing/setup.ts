import { cleanup } from '@testing-library/react';
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

beforeEach(() => {
  globalThis.localStorage?.clear();
  globalThis.window?.history.replaceState(null, '', '/');
});
afterEach(() => cleanup());
