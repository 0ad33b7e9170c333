import type { ReactNode } from 'react';
import { Button } from '../controls/Button.tsx';
import { useI18n } from '../i18n/I18n.tsx';
import { Dialog } from './Dialog.tsx';

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** Says what will happen (“Delete list”), never “OK”. */
  readonly action: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** For what cannot be undone. Whatever can be undone happens at once and offers that instead. */
export function ConfirmDialog({ open, title, children, action, danger, busy, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useI18n();
  const footer = (
    <>
      <Button look="quiet" onClick={onClose}>
        {t('ui.action.cancel')}
      </Button>
      <Button look={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onClose={onClose} title={title} size="small" footer={footer}>
      {children}
    </Dialog>
  );
}
