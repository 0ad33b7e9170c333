import { Dialog, ErrorState, Skeleton, useI18n } from '@slipway/ui';
import { useEffect, useState } from 'react';
import { useStore, useTodo } from '../store/StoreContext.tsx';
import { Editor } from './Editor.tsx';

/** Opened from anywhere, also from a link somebody sent: then the todo is fetched first. */
export function EditorDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useI18n();
  const store = useStore();
  const todo = useTodo(id);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    setError(null);
    store.loadTodo(id).catch(setError);
    // Another attempt is what the number is for.
  }, [store, id, attempt]);

  return (
    <Dialog open onClose={onClose} title={t('todo.editor.title')} size="side">
      {todo ? (
        <Editor key={todo.id} todo={todo} onClose={onClose} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => setAttempt(attempt + 1)} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  );
}
