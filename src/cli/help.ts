// What `unweave --help` prints.

export const HELP = `unweave: does a representation carry its information factor by factor?

  unweave study [NAME]      train, measure, compare, report: decline (default), infogan, split, invariance, linear;
                            theory and scores train nothing
      --preset NAME         quick (default), smoke, standard, paper, ...
      --out DIR             where records, results.json and report.html go (default runs/<study>-<time>);
                            a study that was stopped or killed goes on when it is run again there;  --force: anew
      --list                the models, and what they would cost here, from timed steps
      --keep                keep the trained models, so that more can be measured later
      --shard i/n           the seeds of one machine of n; afterwards:
  unweave merge OUT DIR...  shards put together;  --force
  unweave report DIR...     the report again, also of several studies side by side (--out FILE, --force)
  unweave submit [NAME] --slurm|--kubernetes --shards N --out DIR   the same as a job array or an Indexed Job
      --preset NAME --cpus N --dry-run;  Kubernetes: --image NAME --claim NAME
  unweave train             a run: checkpoints, metrics.csv and config.json in a folder
      --data NAME           squares (default), sprites, xySquares, circles, shapes3d, linear, ica, grid, gated, xor, copies
      --factors posY=10..21,shape=0   only these values;  --data-options 'side=32;spacing=8'
      --posterior NAME      full (default), factorized, correlated, rotated, block, lowRank, constantCholesky,
                            reversedCholesky; several with commas between, as objectives
      --objective NAME      betaVae (default), annealedVae, factorVae, betaTcVae, dipVaeI, dipVaeII, infoVae,
                            autoencoder, infoGan
      --beta 1,2,4 --lambda 0,16 --rho .3,.6 --lr 1e-3   their numbers; lists make a grid: every combination is an arm
      --architecture NAME   mlp (default), burgess, locatello;  --split N: a Split Encoder, N units a branch
      --deviation S         a Gaussian likelihood instead of Bernoulli
      --seeds 0-9           every arm once for each seed
      --hidden 64,64 --latents N --batch N --steps N
      --replicas N|auto     train so many at once; auto: what --memory MIB holds (default 1024)
      --every K             a row of metrics.csv is the mean of K steps (default 100)
      --save-every N        steps between checkpoints (default 500)
      --out DIR             a new run (default runs/train-<time>);  --force: replace it
      --resume DIR          go on with a run that was stopped, as if it never had been
  unweave encode RUN        posteriors of its data set as .npy: means, logvars or cholesky, samples, factors
      --out DIR             a folder for each replica;  --force: replace it
      --data FILE           examples of your own instead, .npy or .npz:name, values 0 ... 1
  unweave mi FILE           information between columns of a .csv, text, .npy or .npz:name file
      --x COLS --y COLS     by number, name or range: 0-3,size
      --given COLS          conditional information
      --discrete COLS       columns whose values are labels
      --estimator NAME      ksg1, ksg2, fp, fp2, ross, mixed, lnc or kl (entropy of x)
      --k N                 neighbours (default 5)
      --permutations B      a p-value from B surrogates
      --se                  a standard error
      --marginals NAME      standard (default), normal scores or asinh; --no-standardize for none
      --metric NAME         max (default) or euclidean, inside a variable
      --dequantize          spread rounded values over their step first
      --matrix              all pairs of columns, with the band of independent ones
      --unit NAME           nats (default) or bits;  --local: the contribution of every sample, in JSON
      --seed N              of everything random (default 0)
  unweave metrics           disentanglement scores of any codes, each with interval, chance level and ceiling
      --codes FILE          [rows, latents], .npy, .npz:name, .csv; from any framework
      --factors FILE        [rows, factors], the number of every factor's value: 0, 1, 2, ...
      --cardinalities 3,6,40    how many values each factor has, to check them
      --only mig,sap        these scores, or families of them
      --logvar FILE         log-variances [rows, latents] of the posteriors, for migChen
      --seed N              of everything random (default 0)
  unweave metrics RUN       the same of every replica of a run; --only, --seed, and
      --rows N              a sample of so many rows where there are more (default 15000)
  unweave invariance        what every latent knows, and whether that depends on the others
      --means FILE          [examples, latents], .npy, .npz:name, .csv; from any framework
      --logvar FILE         log-variances of the same shape, or
      --cholesky FILE       factors [examples, latents, latents]
      --latents 0,2         only these
      --margin NATS         how much may vary and still be called invariant (default 0.05)
      --calibrate           the proof that its test is calibrated; needs no data
  unweave bench             what every kernel and a training step reach here
      --filter GLOB         only cases whose name matches, such as 'matmul/*'
      --json FILE, --csv FILE   keep the figures
      --baseline FILE       compare with an earlier --json file
      --fail-above PCT      exit 1 where a case is slower by more (default 20)
      --force               replace files that exist
  unweave tune              find the fastest WGSL kernels here, and remember them (--device gpu or software)
  unweave doctor            what can compute here: twenty steps on every executor, their bits compared, their speed

  All:  --json              one JSON document on stdout (bench: --json FILE)
        --device NAME       auto (default): a GPU where there is one and a Chrome that can use it, else the CPU;
                            gpu, cpu, or software: WebGPU computed on the CPU, for tests of kernels
        --threads N         on the CPU: replicas are spread over N threads (default: all cores)
        --browser PATH      the Chrome or Chromium to use
        --help, --version

Exit codes: 0 ok, 1 the run failed, 2 wrong usage, 3 what was asked for is not here, 130 Ctrl-C, 143 terminated.
`;
