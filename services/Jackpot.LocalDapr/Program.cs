return await Jackpot.LocalDapr.Sidecars.LocalDaprProcess.RunAsync(args);
