import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from '../controls/Button.tsx';
import { useI18n } from '../i18n/I18n.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly size?: 'small' | 'medium' | 'wide' | 'palette' | 'side';
  /** Without the visible heading; the title is still announced. */
  readonly plain?: boolean;
}

/** The browser's own modal dialog: it keeps focus inside, makes the rest inert, closes with Escape and gives focus back. */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? <OpenDialog {...rest} /> : null;
}

function OpenDialog({ onClose, title, children, footer, size = 'medium', plain }: Omit<DialogProps, 'open'>) {
  const { t } = useI18n();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const opener = document.activeElement;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog.close();
      // A re-rendered list may have replaced the opener; then focus falls to the page, as it would without a dialog.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  return (
    // The click only reaches the backdrop; Escape is the keyboard's way.
    <dialog
      ref={element}
      className="dialog"
      data-size={size}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-body">
        <div className={plain ? 'sr-only' : 'dialog-head'}>
          <h2 id={titleId}>{title}</h2>
          {!plain && <IconButton icon="close" label={t('ui.action.close')} onClick={onClose} />}
        </div>
        <div className="dialog-content">{children}</div>
        {footer && <div className="dialog-foot">{footer}</div>}
      </div>
    </dialog>
  );
}
