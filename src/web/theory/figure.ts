// The figures of this page, with the plots of their kinds.

import { theoryPlots } from '../../figures/theoryPlots';
import { figureView } from '../kit/figure';

export const FigureView = figureView(theoryPlots);
