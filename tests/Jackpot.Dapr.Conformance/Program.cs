using Jackpot.Dapr.Conformance.Running;

if (!ConformanceOptions.TryParse(args, Environment.GetEnvironmentVariable, out var options, out var refusal))
{
    await Console.Error.WriteLineAsync(refusal);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(ConformanceOptions.HelpText);
    return 0;
}

var cases = ConformanceCase.FindAll(options.Filter);
if (options.List)
{
    cases.ForEach(Console.WriteLine);
    Console.WriteLine($"{cases.Count} cases");
    return 0;
}

return await ConformanceRun.RunAsync(options, cases);
