// What errors say in the interface's language: the server speaks English, and its codes are stable.
import { contracts } from '../modes/contracts.ts';
import type { Locale } from './locale.ts';

/** Sentences by code, beside those that modes bring; one that ends with a colon is followed by the server's own, which tells the details. */
const zh: Record<string, string> = {
  ERR_CONFIG: '设置有误：',
  ERR_D2L: '出错：',
  ERR_DATA: '数据有误：',
  ERR_FORMAT: '文件格式有误：',
  ERR_NUMERICS: '训练中的数值失去了意义，请降低学习率：',
  ERR_SHAPE: '张量的形状有误：',
  ERR_VALUE: '有不允许的值：',
  bad_pair: '句对有误：',
  bad_path: '路径无效，请从 / 开始。',
  body_too_large: '请求太大，请缩短文本。',
  cancelled: '请求已取消。',
  closing: '服务器正在停止，请重新启动。',
  cross_origin: '其他网站的页面不能调用此接口。',
  engine_error: '模型出错，服务器的输出说明了原因；请再试一次或换一个模型。',
  engine_failed: '模型无法加载：',
  engine_restarted: '模型意外停止，请重新发送。',
  error: '训练出错：',
  expectation_failed: '请求头 Expect 无效。',
  internal_error: '服务器内部错误：',
  import_no_conversations: '文件中没有对话，请选择由导出按钮写出的文件。',
  import_not_json: '文件不是 JSON，请选择由导出按钮写出的文件。',
  interrupted: '没有完成就中断了，请再试一次或恢复运行。',
  invalid_json: '请求不是有效的 JSON：',
  invalid_request: '请求中有不允许的值：',
  invalid_utf8: '请求不是有效的 UTF-8：',
  line_too_long: '有一行太长，请拆成更短的行：',
  method_not_allowed: '此地址不接受这种方法。',
  model_unreadable: '模型无法加载，服务器的输出说明了原因；请修复其文件夹或换一个模型。',
  no_model: '没有安装可用的模型，请先用 `npx d2l train` 训练一个，或让 D2LTS_MODELS 指向模型文件夹。',
  no_training: '此服务器不能训练，请用 `npm start` 启动。',
  disk_full: '保存的运行已占满空间，请先删除一个。',
  not_found: '没有这个地址。',
  offline: '服务器没有应答，请确认 `npm start` 仍在运行。',
  queue_full: '排队的请求太多，请稍后再试。',
  not_paused: '此运行没有暂停，不能恢复。',
  not_running: '此运行不在进行。',
  run_is_training: '此运行正在训练，请先停止它。',
  too_few_pairs: '句对太少：',
  too_many_pairs: '句对太多：',
  too_many_runs: '保存的运行太多，请先删除一个。',
  too_many_characters: '文本中不同的字符太多，请只用一种语言：',
  too_many_requests: '此页面等待中的请求太多，请等前面的完成。',
  too_many_watchers: '观看训练的页面太多，请关闭一些。',
  too_slow: '回答用时太久，已停止；请缩短文本。',
  training_failed: '训练失败，服务器的输出说明了原因；请换用其他数据或设置重新开始。',
  training_busy: '已有运行在训练，请先暂停或停止它。',
  unknown_host: '此服务器只应答 localhost。',
  unknown_model: '没有这个模型：',
  unknown_run: '没有这个运行。',
  unsupported_type: '请求必须是 application/json。',
};

/** The sentence for people: the server's own in English, ours by code in Chinese. */
export function explainError(code: string, message: string, locale: Locale): string {
  if (locale === 'en') return message;
  const known = [zh, ...contracts.map(({ errors = {} }) => errors)].find((own) => Object.hasOwn(own, code));
  const sentence = known?.[code] ?? zh['ERR_D2L']!;
  return sentence.endsWith('：') ? sentence + message : sentence;
}
