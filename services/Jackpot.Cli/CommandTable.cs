using Jackpot.Cli.Audit;
using Jackpot.Cli.Bench;
using Jackpot.Cli.Down;
using Jackpot.Cli.Payouts;
using Jackpot.Cli.Reconciling;
using Jackpot.Cli.Rejected;
using Jackpot.Cli.Reports;
using Jackpot.Cli.Replaying;
using Jackpot.Cli.Simulation;
using Jackpot.Cli.Supervision;
using Jackpot.Cli.Testing;
using Jackpot.Cli.Traffic;
using Jackpot.Cli.Up;
using Jackpot.Cli.Verification;
using Jackpot.Cli.WalletChecks;

namespace Jackpot.Cli;

/// <summary>The commands of `./jackpot`, with the help that they print.</summary>
static class CommandTable
{
    const string Usage = """
        usage: ./jackpot <command> [options]

          up        start the local cluster of tye.yaml, wait until it is ready, create the demo jackpots
              --traffic N           simulated bets a second
              --replicas N          processes per shard (1)
              --run-dir DIR         where data, logs and state go (.run)
              --base-port N         number all ports from N on, in place of those of tye.yaml
              --free-ports          take ports that are free now
              --region NAME         one region alone
              --broker NAME         components/NAME in place of components/local; JACKPOT_BROKER_URL_<REGION> and
                                    JACKPOT_BROKER_URL_NETWORK say where each region's is, and the one between them
              --app ID=PORT         a sidecar (HTTP 3591, gRPC 50191) in the first region for an app of your own that listens on PORT
              --sidecar daprd       real daprd, placement and scheduler from PATH in place of LocalDapr
              --configuration C     Release (default) or Debug
              --no-build            start what was built before
          down      stop what up started             [--run-dir DIR]
          status    what runs, since when, where     [--run-dir DIR]
          traffic   send simulated bets              --rate N [--run-dir DIR]
          verify    recompute a dropped cycle from its export, offline   <file or ->
          replay    rebuild a jackpot from its rows and compare all that is stored   <jackpot-id>
              --to N                stop at this contribution, inside of any cycle
              --shard-url URL       a shard's own address, in place of the local cluster [--run-dir DIR]
          audit     verify audit logs against their signed seals: what was changed, removed, inserted, moved   (./jackpot audit --help)
          simulate  what a jackpot's terms mean in the long run   <definition.json>
              --bets N              all runs together (10000000)
              --runs N              independent runs, from whose differences the errors come (16)
              --seed N              repeats a simulation exactly; printed
              --stake MIX           bet sizes and weights, for example 1.00:3,5.00:1 (1.00)
              --bets-per-hour N     of all players (3600)
              --hours-per-call N    how often external pools are triggered and raffles drawn (24)
              --base-rtp P          what the game itself returns, in percent: from which amount do players gain
              --json, --csv         for machines
          simulate network   a network jackpot under faults, on virtual time; exit code 1 when anything was lost, doubled or given away
              --seeds N             so many runs (10000)
              --seed N              the first of them; alone, just that one
          report    print a report of a shard, or of every shard of the local cluster   <name>, see docs/reports.md
              --from --to --interval --tenant --jackpot --player --threshold --after --format json|csv
              --shard URL           one shard, wherever it is
          payouts   payouts that wait for people, and what is done with them   (./jackpot payouts --help)
          reconcile  an operator's own list of a day's credits against ours   (./jackpot reconcile --help)
          rejected  what nobody could take off a stream: list, show, retry, drop   (./jackpot rejected --help)
          wallet-check  what an operator's wallet does when things go wrong, exit code 1 when it does not conform   <url>
              --mapping FILE        an API of the operator's own (the standard interface)
              --tenant ID --player ID --currency C   whose money is moved (brand-42, wallet-check, EUR)
              --closed-player ID    an account that nobody may pay
              --key-id ID           requests are signed; the secret is read from JACKPOT_WALLET_SECRET
              --answer-ms N         in which most answers must come (1000)
              --html FILE, --json FILE   the report for a browser, and for an operator's settings
          bench     measure everything against its baselines, table and bench/results.json
              --quick               tiny sizes: proves that it works, measures nothing
              --only P1,P5          only these (P1 to P3, P7, P14 and P15 are always measured)
              --slow-flush          P1 once more with about a millisecond per flush (P4; needs gcc)
              --grow                then 50 million stored contributions and 10,000 jackpots, and P1 again (P13; takes a while)
              --grow-rows N         as --grow, with N contributions
              --results FILE        in place of bench/results.json
          test      install what is missing, build, run every test, end with one summary line   (./jackpot test --help)
              --filter NAME --long --no-install --configuration C --no-build

        --version prints the version, --help this.
        exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted
        """;

    internal static Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var command = args.FirstOrDefault() ?? "--help";
        var options = args.Skip(1).ToArray();
        return options.Any(option => option is "--help" or "-h") ? HelpAsync(HelpOf(command)) : command switch
        {
            "up" => UpCommand.RunAsync(options, stop),
            "down" => DownCommand.RunAsync(options, stop),
            "status" => StatusCommand.RunAsync(options),
            "test" => TestCommand.RunAsync(options, stop),
            "traffic" => TrafficCommand.RunAsync(options, stop),
            "verify" => VerifyCommand.RunAsync(options),
            "replay" => ReplayCommand.RunAsync(options, stop),
            "audit" => AuditCommand.RunAsync(options, stop),
            "simulate" when options.FirstOrDefault() == SimulateNetworkCommand.Name => SimulateNetworkCommand.RunAsync(options[1..], stop),
            "simulate" => SimulateCommand.RunAsync(options, stop),
            "payouts" => PayoutsCommand.RunAsync(options, stop),
            "reconcile" => ReconcileCommand.RunAsync(options, stop),
            "report" => ReportCommand.RunAsync(options, stop),
            "rejected" => RejectedCommand.RunAsync(options, stop),
            "wallet-check" => WalletCheckCommand.RunAsync(options),
            "bench" => BenchCommand.RunAsync(options, stop),
            "supervise" => SuperviseCommand.RunAsync(options, stop),
            "--version" => VersionAsync(),
            "--help" or "-h" or "help" => HelpAsync(Usage),
            _ => throw new CommandException($"there is no command '{command}'. ./jackpot --help lists them.", ExitCodes.Usage),
        };
    }

    static string HelpOf(string command) => command switch
    {
        "test" => TestOptions.Help,
        "payouts" => PayoutsCommand.Help,
        "reconcile" => ReconcileCommand.Help,
        "rejected" => RejectedCommand.Help,
        "audit" => AuditCommand.Help,
        _ => Usage,
    };

    static async Task<int> VersionAsync()
    {
        await Console.Out.WriteLineAsync($"jackpot {typeof(CommandTable).Assembly.GetName().Version!.ToString(3)}");
        return ExitCodes.Done;
    }

    static async Task<int> HelpAsync(string text)
    {
        await Console.Out.WriteLineAsync(text);
        return ExitCodes.Done;
    }
}
