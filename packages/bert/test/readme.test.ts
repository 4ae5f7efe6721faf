// The examples of this package's README.
import { testReadmeExamples } from '../../../tests/support/readmeExamples.ts';

testReadmeExamples(import.meta.url);
