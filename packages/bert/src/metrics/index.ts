// Scores of fine-tuned models: entities and answers.
export { answerScore, answerScores, answerWords, type AnswerOptions, type AnswerScores } from './answers.ts';
export { entitiesOf, type Entity } from './entities.ts';
export { entityScores, type EntityScore, type EntityScores } from './entityScores.ts';
