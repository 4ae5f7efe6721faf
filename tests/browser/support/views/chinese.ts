// The interface in Chinese.
import { runOf, routeRuns } from '../trainRuns.ts';
import { escape, follow, openDialog, openTab, openTrain, press, translation } from './steps.ts';
import { view, type Scene } from './view.ts';

export const chinese: Scene = {
  name: 'in Chinese',
  locale: 'zh-CN',
  views: [
    view('chinese', (page) => page.getByText('BLEU').first().waitFor()),
    view('chinese-candidates', async (page) => {
      await follow(page, { ...translation, text: 'Could you help me, please?' });
      await press(page, '看看为什么');
    }),
    view('chinese-attention', (page) => openTab(page, '注意力')),
    view('chinese-tree', (page) => openTab(page, '束搜索树')),
    view('chinese-settings', (page) => openDialog(page, /^解码/)),
    view('chinese-shortcuts', async (page) => {
      await escape(page);
      await page.locator('body').press('?');
      await page.locator('dialog:modal').waitFor();
    }),
    view('chinese-train', async (page) => {
      await routeRuns(page, [runOf('paused', 210)]);
      await openTrain(page, '训练');
      await page.locator('[data-testid=checkpoint-output][data-step]').waitFor();
    }),
    view('chinese-train-new', (page) => press(page, '新的训练')),
  ],
};
