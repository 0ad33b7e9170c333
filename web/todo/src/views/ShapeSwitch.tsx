import { IconButton, type IconName, useI18n, useSearch } from '@slipway/ui';
import type { Shape } from './address.ts';

const shapes: readonly { readonly shape: Shape; readonly icon: IconName }[] = [
  { shape: 'list', icon: 'list' },
  { shape: 'board', icon: 'board' },
  { shape: 'calendar', icon: 'calendar' },
];

export function ShapeSwitch({ shape }: { readonly shape: Shape }) {
  const { t } = useI18n();
  const [, setSearch] = useSearch();
  return (
    // A fieldset with a legend would be read as part of a form.
    <div className="segments" role="group" aria-label={t('todo.shape.label')}>
      {shapes.map((option) => (
        <IconButton
          key={option.shape}
          icon={option.icon}
          label={t(`todo.shape.${option.shape}`)}
          aria-pressed={shape === option.shape}
          onClick={() => setSearch({ as: option.shape === 'list' ? null : option.shape, month: null })}
        />
      ))}
    </div>
  );
}
