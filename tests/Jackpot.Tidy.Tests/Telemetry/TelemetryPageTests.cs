namespace Jackpot.Tidy.Tests.Telemetry;

/// <summary>Whoever filters logs by id finds one message, and the page says what the sources say.</summary>
public sealed class TelemetryPageTests
{
    [Fact]
    public void No_two_log_messages_share_an_id()
    {
        var events = LogEvents.All();
        Assert.NotEmpty(events);
        Assert.Empty(events.Where(found => found.Id == 0).Select(found => $"{found.Type}: \"{found.Message}\" has no event id"));
        Assert.Empty(events.GroupBy(found => found.Id).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(" and ", same.Select(found => $"{found.Project}/{found.Type}"))}"));
    }

    [Fact]
    public async Task The_page_says_what_the_sources_say()
    {
        var page = TelemetryPage.Write(OwnMetrics.All(), LogEvents.All());
        var path = SourceTree.Absolute(TelemetryPage.Path);
        if (Environment.GetEnvironmentVariable("JACKPOT_WRITE_TELEMETRY") == "1")
        {
            await File.WriteAllTextAsync(path, page, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(path) && await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == page,
            $"{TelemetryPage.Path} is stale: run JACKPOT_WRITE_TELEMETRY=1 ./jackpot test --filter Tidy and commit it.");
    }

    [Fact]
    public void Messages_are_found_however_their_attribute_is_written()
    {
        const string Source = """
            [LoggerMessage(7, LogLevel.Error, "One [of] \"two\"")]
            [LoggerMessage(EventId = 8, Level = LogLevel.Warning,
                Message = "Three")]
            [LoggerMessage(Level = LogLevel.Information, Message = "Room 9")]
            """;
        Assert.Equal(
            [new LogEvent(7, "Error", "One [of] \\\"two\\\"", "p", "T"), new LogEvent(8, "Warning", "Three", "p", "T"), new LogEvent(0, "Information", "Room 9", "p", "T")],
            LogEvents.OfSource("p", "T", Source));
    }

    [Fact]
    public void Metrics_are_found_under_the_name_that_Prometheus_sees()
    {
        const string Source = """
            CreateCounter<long>("a.b", description: "Bets of players"); CreateHistogram("a.c", "s", "Time of a bet", advice: x); CreateHistogram<int>("a.size", description: "Sizes");
            CreateObservableGauge("a.now", () => _now.Select(one => new Measurement<long>(one.Rows, new KeyValuePair<string, object?>("source", one.Source))),
                description: "Rows now");
            CreateObservableGauge("a.age", () => _now.Select(one => new Measurement<long>(one.Age)),
                "s", "Age of the oldest");
            """;
        Assert.Equal(
            [
                new OwnMetric("a_b_total", "Bets of players", "p"), new OwnMetric("a_c_seconds", "Time of a bet", "p"), new OwnMetric("a_size", "Sizes", "p"),
                new OwnMetric("a_now", "Rows now", "p"), new OwnMetric("a_age_seconds", "Age of the oldest", "p"),
            ], OwnMetrics.OfSource("p", Source));
    }
}
