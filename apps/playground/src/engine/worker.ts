// placeholder until the translators' engine
import '../../test/echoWorker.ts';
