// The examples of the root README.
import { testReadmeExamples } from './support/readmeExamples.ts';

testReadmeExamples(import.meta.url);
