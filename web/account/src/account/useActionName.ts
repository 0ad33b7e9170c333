import { useI18n } from '@slipway/ui';
import { useCallback } from 'react';

/** A recorded action in the reader's words; one that these pages have no words for yet is shown as it was recorded. */
export function useActionName(): (action: string) => string {
  const { t, has } = useI18n();
  return useCallback((action) => (has(`action.${action}`) ? t(`action.${action}`) : action), [t, has]);
}
