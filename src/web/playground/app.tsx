// The playground: two arms trained live from the same seeds, and between them the difference with its interval.

import { useState } from 'preact/hooks';
import { Banner, Header, Notices, Part } from '../kit/page';
import { ArmChoice, DataChoice, TrainingChoice } from './controls';
import { useDrop } from './drop';
import { Difference, Evidence, Training, useAnalysis } from './evidence';
import { Keys, useKeys } from './keys';
import { Models } from './models';
import { finishedOf, progressOf, progressText } from './progress';
import { RunsTable } from './runsTable';
import { Share } from './share';
import { Stages } from './stages';
import { armNames, sides } from './state';
import { Transport } from './transport';
import { usePlayground } from './usePlayground';

export function App() {
  const play = usePlayground();
  const [keys, setKeys] = useState(false);
  const over = useDrop(play.take);
  const { session, state, recorded, seed } = play;
  const { arms, phase } = session;
  const found = useAnalysis(state, arms);
  useKeys({ ' ': play.toggle, '.': play.step, r: play.reset, s: play.share, '?': () => setKeys(true) });
  const total = 2 * state.seeds;
  const finished = finishedOf(state, arms);
  const progress = progressOf(state, arms, finished);
  const adapters = [
    ...new Set(sides.flatMap((side) => [...arms[side].records.values()].map(({ adapter }) => adapter))),
  ];
  const isRecorded = phase === 'idle' && finished > 0;
  return (
    <div class={`app${over ? ' over' : ''}`} data-state={phase}>
      <Header current="playground" />
      <main id="main" tabIndex={-1}>
        {state.text && (
          <>
            <h1>Does a representation carry its information factor by factor?</h1>
            <p class="lead">
              Two models learn to draw the same images again, from the same seeds. They differ in one thing: whether the
              encoder may couple its latents given the image. Which of them finds the true factors, and is it the
              coupling that decides, or only the choice of axes?
            </p>
          </>
        )}
        <Banner says={arms.left.says} why={arms.left.why} />
        <Notices notices={play.notices} onClose={play.forgetNotices} />
        {sides.map(
          (side) =>
            arms[side].problem !== null && (
              <p key={side} class="notices" role="alert">
                {armNames(state)[side]}: {arms[side].problem}. What is recorded stays; press Train to go on.
              </p>
            ),
        )}
        <Transport
          phase={phase}
          hasRecords={finished === total}
          slow={play.slow}
          progress={progress}
          says={progressText(state, arms, phase, finished, total)}
          onRun={play.toggle}
          onStep={play.step}
          onSlow={play.slowly}
          onReset={play.reset}
          onShare={play.share}
          onKeys={() => setKeys(true)}
        />
        {isRecorded && (
          <p class="note recorded">
            What you see was recorded before, not computed now{`, on: ${adapters.join(', ')}`}. Press Train to do it
            here; on the same kind of machine the bits are the same.
          </p>
        )}
        <Part id="difference" title="The difference">
          <Difference state={state} found={found} />
        </Part>
        {!state.hide.includes('choices') && (
          <section id="choices" class="choices" aria-label="What is compared">
            <DataChoice
              state={state}
              busy={play.busy}
              onState={(next) => play.show(next, true)}
              thumbnails={recorded.thumbnails}
              own={play.own}
            />
            {sides.map((side) => (
              <ArmChoice
                key={side}
                side={side}
                state={state}
                busy={play.busy}
                onState={play.drag}
                onRelease={play.release}
              />
            ))}
            <TrainingChoice state={state} busy={play.busy} onState={(next) => play.show(next, true)} />
          </section>
        )}
        <Models state={state} arms={arms} seed={seed} onLooks={play.looks} />
        <Training state={state} arms={arms} />
        <Stages state={state} arms={arms} session={session} slow={play.slow} />
        <Evidence
          state={state}
          arms={arms}
          found={found}
          seed={seed}
          onSeed={play.setSeed}
          onTest={play.testInvariance}
        />
        <RunsTable
          database={play.database}
          version={play.runs + finished}
          hidden={state.hide.includes('runs')}
          onOpen={play.open}
        />
        <Share state={state} arms={arms} onFiles={play.take} />
      </main>
      <Keys open={keys} onClose={() => setKeys(false)} />
    </div>
  );
}
