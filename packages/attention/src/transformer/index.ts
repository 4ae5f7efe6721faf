// Transformers and their parts.
export { AddNorm } from './addNorm.ts';
export type { BlockOptions, MemoryOptions } from './block.ts';
export { fromBookState, toBookState } from './bookState.ts';
export { DecoderBlock, type DecoderBlockOptions } from './decoderBlock.ts';
export { DecoderOnlyTransformer, type DecoderOnlyConfig } from './decoderOnly.ts';
export { DecoderOnlySearch, type DecoderOnlyState } from './decoderOnlySearch.ts';
export { EncoderBlock, type EncoderBlockOptions } from './encoderBlock.ts';
export { EncoderOnlyTransformer } from './encoderOnly.ts';
export type { SingleStackConfig } from './singleStack.ts';
export { languageModelArchitectures, loadTextGenerator } from './languageModels.ts';
export { PositionWiseFFN, type FeedForwardActivation } from './feedForward.ts';
export type { PositionKind, PositionModule } from './positionKinds.ts';
export { TransformerDecoder, TransformerEncoder, type StackOptions, type StackSizes } from './stacks.ts';
export type { TransformerBaseConfig } from './transformerConfig.ts';
export { Transformer, type TransformerConfig } from './transformer.ts';
export { TransformerSearch, type TransformerState } from './transformerSearch.ts';
