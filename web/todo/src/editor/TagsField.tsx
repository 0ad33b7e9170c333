import { Field, Icon, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { addTag, limits } from './draft.ts';

interface TagsFieldProps {
  readonly value: readonly string[];
  readonly known: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
}

/** Enter or a comma adds, Backspace in the empty field takes the last one away. */
export function TagsField({ value, known, onChange }: TagsFieldProps) {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  const add = () => {
    if (!typed.trim()) return;
    onChange(addTag(value, typed));
    setTyped('');
  };
  const type = (text: string) => {
    if (!/[,\s]$/.test(text)) {
      setTyped(text);
      return;
    }
    onChange(addTag(value, text));
    setTyped('');
  };
  return (
    <Field label={t('todo.field.tags')} hint={value.length >= limits.tags ? t('todo.tags.full', { max: limits.tags }) : undefined}>
      {(ids) => (
        <div className="tags-box">
          {value.map((tag) => (
            <button
              key={tag}
              type="button"
              className="chip"
              aria-label={t('todo.tags.remove', { tag })}
              onClick={() => onChange(value.filter((other) => other !== tag))}
            >
              #{tag}
              <Icon name="close" size={14} />
            </button>
          ))}
          <input
            {...ids}
            value={typed}
            list="known-tags"
            placeholder={t('todo.tags.placeholder')}
            disabled={value.length >= limits.tags}
            onChange={(event) => type(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key === 'Enter') {
                event.preventDefault();
                add();
              } else if (event.key === 'Backspace' && !typed) onChange(value.slice(0, -1));
            }}
          />
          <datalist id="known-tags">
            {known
              .filter((tag) => !value.includes(tag))
              .map((tag) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
        </div>
      )}
    </Field>
  );
}
