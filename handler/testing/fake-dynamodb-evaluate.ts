import type { AttributeValue, Item } from '../src/stores/dynamodb/dynamodb.ts';
import type { Condition, Operand } from './fake-dynamodb-parser.ts';

/** What an expression's placeholders stand for. Both throw where nothing is given. */
export interface Inputs {
  readonly names: (name: string) => string;
  readonly values: (name: string) => AttributeValue;
}

/** Throws SyntaxError where DynamoDB would refuse the expression for the item's sake. */
export const resolve = (operand: Operand, item: Item, inputs: Inputs): AttributeValue => {
  switch (operand.kind) {
    case 'value':
      return inputs.values(operand.name);
    case 'path': {
      const value = item[inputs.names(operand.name)];
      if (value === undefined) throw new SyntaxError(`The item has no ${operand.name}`);
      return value;
    }
    case 'if_not_exists':
      return item[inputs.names(operand.name)] ?? resolve(operand.otherwise, item, inputs);
    case 'sum': {
      const left = numberOf(resolve(operand.left, item, inputs));
      return { N: String(left + operand.sign * numberOf(resolve(operand.right, item, inputs))) };
    }
  }
};

const numberOf = (value: AttributeValue): number => {
  const number = 'N' in value ? Number(value.N) : NaN;
  if (!Number.isSafeInteger(number))
    throw new SyntaxError('This fake counts in safe whole numbers');
  return number;
};

export const evaluate = (condition: Condition, item: Item, inputs: Inputs): boolean => {
  switch (condition.kind) {
    case 'and':
      return evaluate(condition.left, item, inputs) && evaluate(condition.right, item, inputs);
    case 'or':
      return evaluate(condition.left, item, inputs) || evaluate(condition.right, item, inputs);
    case 'not':
      return !evaluate(condition.inner, item, inputs);
    case 'exists':
      return (item[inputs.names(condition.name)] !== undefined) === condition.wanted;
    case 'between': {
      const low = numberOf(resolve(condition.low, item, inputs));
      const high = numberOf(resolve(condition.high, item, inputs));
      if (low > high) throw new SyntaxError('BETWEEN wants its upper bound above the lower');
      if (!isComparable(condition.of, item, inputs)) return false;
      const value = numberOf(resolve(condition.of, item, inputs));
      return low <= value && value <= high;
    }
    case 'compare':
      return (
        isComparable(condition.left, item, inputs) &&
        isComparable(condition.right, item, inputs) &&
        compare(
          condition.by,
          scalarOf(resolve(condition.left, item, inputs)),
          scalarOf(resolve(condition.right, item, inputs)),
        )
      );
  }
};

/** A comparison with an attribute that is not there does not hold, and is no error. */
const isComparable = (operand: Operand, item: Item, inputs: Inputs): boolean =>
  operand.kind !== 'path' || item[inputs.names(operand.name)] !== undefined;

const scalarOf = (value: AttributeValue): string | number =>
  'S' in value ? value.S : numberOf(value);

const compare = (by: string, left: string | number, right: string | number): boolean => {
  if (typeof left !== typeof right) return by === '<>';
  switch (by) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
};
