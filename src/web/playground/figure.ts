// The figures of this page, with the plots of their kinds.

import { modelPlots } from '../../figures/modelPlots';
import { studyPlots } from '../../figures/studyPlots';
import { figureView } from '../kit/figure';

export const FigureView = figureView({ ...studyPlots, ...modelPlots });
