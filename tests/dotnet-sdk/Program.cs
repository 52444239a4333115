using DotnetSdk.Running;

if (args is ["--help"])
{
    Console.WriteLine(Settings.HelpText);
    return 0;
}

var checks = Check.FindAll(args.FirstOrDefault(arg => !arg.StartsWith('-')));
if (args.Contains("--list"))
{
    checks.ForEach(check => Console.WriteLine(check));
    Console.WriteLine($"{checks.Count} checks");
    return 0;
}

await using var bench = await Bench.StartAsync(Settings.Read(Environment.GetEnvironmentVariable));
return await Proof.RunAsync(bench, checks);
