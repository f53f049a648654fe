import cors from '../src/features/cors/contract.ts';
import failureLimit from '../src/features/failure-limit/contract.ts';
import validation from '../src/features/validation/contract.ts';
import type { ContractPart } from './contract-part.ts';

/** Every folder of the handler that has keys in the contract. */
export const parts: readonly ContractPart[] = [cors, failureLimit, validation];
