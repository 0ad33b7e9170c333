import { useI18n } from '@slipway/ui';

export function Fate({ survived }: { readonly survived: boolean }) {
  const { t } = useI18n();
  return (
    <span className="badge" data-survived={survived}>
      {t(`titanic.survived.${survived}`)}
    </span>
  );
}
