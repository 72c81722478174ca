// The figures of this page, with the plots of their kinds.

import { kernelPlots } from '../../figures/kernelPlots';
import { figureView } from '../kit/figure';

export const FigureView = figureView(kernelPlots);
