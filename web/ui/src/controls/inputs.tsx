import type { ComponentPropsWithRef, ReactNode } from 'react';
import { Field, type FieldProps } from './Field.tsx';

type FieldPart = Omit<FieldProps, 'children'>;

export interface InputProps extends Omit<ComponentPropsWithRef<'input'>, 'className' | 'onChange' | 'id' | 'required'>, FieldPart {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Shown inside the box at its end, as a unit or a button. */
  readonly trailing?: ReactNode;
}

export function Input({ label, hint, error, optional, required, id, hideLabel, onChange, trailing, ...rest }: InputProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id, hideLabel }}>
      {(ids) => (
        <span className="input-box">
          <input {...rest} {...ids} className="input" onChange={(event) => onChange(event.target.value)} />
          {trailing}
        </span>
      )}
    </Field>
  );
}

export interface TextAreaProps extends Omit<ComponentPropsWithRef<'textarea'>, 'className' | 'onChange' | 'id' | 'required'>, FieldPart {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextArea({ label, hint, error, optional, required, id, hideLabel, onChange, ...rest }: TextAreaProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id, hideLabel }}>
      {(ids) => <textarea rows={4} {...rest} {...ids} className="input" onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

export interface SelectProps
  extends Omit<ComponentPropsWithRef<'select'>, 'className' | 'onChange' | 'id' | 'children' | 'required'>,
    FieldPart {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function Select({ label, hint, error, optional, required, id, hideLabel, onChange, options, ...rest }: SelectProps) {
  return (
    <Field {...{ label, hint, error, optional, required, id, hideLabel }}>
      {(ids) => (
        <select {...rest} {...ids} className="input" onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
