// The panel that explains an answer.
import { answered, follow, openTab, press, translation } from './steps.ts';
import { view, type Scene } from './view.ts';

export const why: Scene = {
  name: 'see why',
  views: [
    view('candidates', async (page) => {
      await follow(page, { ...translation, text: 'Could you help me, please?' });
      await press(page, 'See why');
      await openTab(page, 'Candidates');
    }),
    view('attention', async (page) => {
      await openTab(page, 'Attention');
      await page.locator('[data-cell="1.1"]').focus();
    }),
    view('attention-head', async (page) => {
      await page.getByLabel('Layer').selectOption('0');
      await press(page, 'Head 2');
    }),
    view('attention-source', (page) => press(page, 'Within the source')),
    view('attention-target', (page) => press(page, 'Within the output')),
    view('attention-table', async (page) => {
      await press(page, 'Output to source');
      await page.getByLabel('Table').check();
      await page.getByRole('table').last().scrollIntoViewIfNeeded();
    }),
    view('beam-tree', async (page) => {
      await openTab(page, 'Beam tree');
      await page.getByRole('group', { name: 'Beam tree' }).scrollIntoViewIfNeeded();
    }),
    view('probabilities', async (page) => {
      await openTab(page, 'Probabilities');
      await page.getByRole('listitem').nth(7).waitFor();
    }),
    view('score-empty', (page) => openTab(page, 'Score')),
    view('score', async (page) => {
      await page.getByLabel('Reference translation').fill("Pouvez-vous m'aider, s'il vous plaît ?");
      await press(page, 'Score it');
      await page.getByText('nrefs:1').first().waitFor();
      await page.getByText('View as request').scrollIntoViewIfNeeded();
    }),
    view('score-request', async (page) => {
      await page.getByText('View as request').click();
      await page.getByRole('region', { name: 'Request' }).scrollIntoViewIfNeeded();
    }),
    view('compare-empty', (page) => openTab(page, 'Compare')),
    view('compare', async (page) => {
      for (const name of ['poor', 'looking', 'blind', 'good'])
        for (const other of await page.getByRole('checkbox', { name: new RegExp(`^${name} `) }).all())
          await other.uncheck();
      await page.getByRole('tabpanel').getByRole('button', { name: 'Compare' }).click();
      const cards = page.getByRole('tabpanel').getByRole('listitem');
      for (const model of ['transformer', 'bahdanau', 'seq2seq'])
        await cards
          .filter({ hasText: `en-fr-${model}` })
          .getByText(/ ms/)
          .waitFor();
      await cards.last().scrollIntoViewIfNeeded();
    }),
    view('request', async (page) => {
      await openTab(page, 'Request');
      await page.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).scrollIntoViewIfNeeded();
    }),
    view('forced', async (page) => {
      await openTab(page, 'Beam tree');
      await page.locator('[data-state=pruned]').first().click();
      await page.getByText('Forced beginning').first().waitFor();
      await answered(page);
    }),
    view('attention-window', async (page) => {
      const text =
        'The old man and the young woman walk to the station with a very big and a very small dog, ';
      await follow(page, { ...translation, text: `${text.repeat(5)}and it rains.\nIt is raining.` });
      await press(page, 'See why');
      await openTab(page, 'Attention');
      await page.getByRole('combobox', { name: /^Tokens/ }).waitFor();
      await page.getByRole('grid').waitFor();
    }),
    view('beam-tree-large', (page) => openTab(page, 'Beam tree')),
    view('no-attention', async (page) => {
      await follow(page, {
        ...translation,
        model: 'en-fr-seq2seq',
        strategy: 'greedy',
        text: 'It is raining.',
      });
      await press(page, 'See why');
      await openTab(page, 'Attention');
      await page.getByText('This model has no attention.').waitFor();
    }),
    view('no-candidates', (page) => openTab(page, 'Candidates')),
    view('no-beam-tree', (page) => openTab(page, 'Beam tree')),
  ],
};
