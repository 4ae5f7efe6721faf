// POST /api/v1/attention: how a model of any mode attended while it gave an answer.
import { attentionSchema } from '../api/schema.ts';
import { jobRoute } from './jobRoute.ts';

export const handleAttention = jobRoute({
  task: ({ task }) => task,
  kind: 'attention',
  schema: attentionSchema,
  resultOf: ({ id: model }, [segment]) => ({ model, maps: segment?.maps ?? [] }),
});
