/** The demonstration city's areas: districts and streets of Nanjing, by name and roughly where they are. */
import type { Place } from '../../contract/primitives.ts'

export interface StreetOffice {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly at: Place
}

export interface District {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly at: Place
  readonly offices: readonly StreetOffice[]
}

const office = (id: string, zh: string, en: string, lat: number, lon: number): StreetOffice => ({
  id,
  zh,
  en,
  at: { lat, lon },
})

export const districts: readonly District[] = [
  {
    id: 'gulou',
    zh: '鼓楼区',
    en: 'Gulou',
    at: { lat: 32.066, lon: 118.764 },
    offices: [
      office('hunanlu', '湖南路', 'Hunan Road', 32.071, 118.774),
      office('ninghailu', '宁海路', 'Ninghai Road', 32.0575, 118.7665),
      office('huaqiaolu', '华侨路', 'Huaqiao Road', 32.047, 118.77),
      office('yijiangmen', '挹江门', 'Yijiangmen', 32.0865, 118.752),
      office('jiangdong', '江东', 'Jiangdong', 32.0575, 118.743),
    ],
  },
  {
    id: 'xuanwu',
    zh: '玄武区',
    en: 'Xuanwu',
    at: { lat: 32.056, lon: 118.798 },
    offices: [
      office('xinjiekou', '新街口', 'Xinjiekou', 32.0455, 118.7835),
      office('meiyuan', '梅园新村', 'Meiyuan', 32.05, 118.799),
      office('xuanwumen', '玄武门', 'Xuanwumen', 32.062, 118.785),
      office('hongshan', '红山', 'Hongshan', 32.098, 118.806),
    ],
  },
  {
    id: 'qinhuai',
    zh: '秦淮区',
    en: 'Qinhuai',
    at: { lat: 32.029, lon: 118.792 },
    offices: [
      office('fuzimiao', '夫子庙', 'Fuzimiao', 32.0225, 118.786),
      office('hongwulu', '洪武路', 'Hongwu Road', 32.034, 118.785),
      office('ruijinlu', '瑞金路', 'Ruijin Road', 32.031, 118.812),
      office('shuangtang', '双塘', 'Shuangtang', 32.02, 118.7695),
    ],
  },
  {
    id: 'jianye',
    zh: '建邺区',
    en: 'Jianye',
    at: { lat: 32.015, lon: 118.73 },
    offices: [
      office('mochouhu', '莫愁湖', 'Mochou Lake', 32.034, 118.748),
      office('nanyuan', '南苑', 'Nanyuan', 32.021, 118.74),
      office('shazhou', '沙洲', 'Shazhou', 32.0035, 118.718),
      office('shuangzha', '双闸', 'Shuangzha', 31.981, 118.703),
    ],
  },
  {
    id: 'qixia',
    zh: '栖霞区',
    en: 'Qixia',
    at: { lat: 32.11, lon: 118.89 },
    offices: [
      office('maigaoqiao', '迈皋桥', 'Maigaoqiao', 32.107, 118.812),
      office('yaohua', '尧化', 'Yaohua', 32.128, 118.86),
      office('xianlin', '仙林', 'Xianlin', 32.1, 118.923),
    ],
  },
  {
    id: 'yuhuatai',
    zh: '雨花台区',
    en: 'Yuhuatai',
    at: { lat: 31.992, lon: 118.768 },
    offices: [
      office('yuhua', '雨花', 'Yuhua', 32.0025, 118.776),
      office('saihongqiao', '赛虹桥', 'Saihongqiao', 31.996, 118.763),
      office('tiexinqiao', '铁心桥', 'Tiexinqiao', 31.9785, 118.763),
    ],
  },
]
