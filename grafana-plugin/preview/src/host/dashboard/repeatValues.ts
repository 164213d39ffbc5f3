import { MultiValueVariable, type SceneObject, sceneGraph, type VariableValueSingle } from '@grafana/scenes';

/** A value of a variable that something is repeated by. */
export interface RepeatValue {
  value: VariableValueSingle;
  text: string;
}

/** The chosen values of a variable, of All each; none while it has no values yet, or where there is no such variable. */
export function repeatValues(of: SceneObject, name: string): RepeatValue[] {
  const variable = sceneGraph.lookupVariable(name, of);
  if (!(variable instanceof MultiValueVariable) || sceneGraph.hasVariableDependencyInLoadingState(of))
    return [];
  if (variable.hasAllValue()) {
    return variable.getOptionsForSelect(false).map(({ value, label }) => ({ value, text: String(label) }));
  }
  const [values, texts] = [variable.getValue(), variable.getValueText()];
  if (!Array.isArray(values)) return [{ value: values as VariableValueSingle, text: String(texts) }];
  const chosen = Array.isArray(variable.state.text) ? variable.state.text : [variable.state.text];
  return values.map((value, n) => ({
    value: value as VariableValueSingle,
    text: String(chosen[n] ?? value),
  }));
}

/** The key of a copy of something that is repeated. */
export function cloneKey({ state: { key = '' } }: SceneObject, n: number): string {
  return `${key}-clone-${n}`;
}

/** The key of what something is a copy of, or its own. */
export function sourceKey({ state: { key = '' } }: SceneObject): string {
  return key.replace(/(-clone-\d+)+$/, '');
}
