using Jackpot.LocalDapr.Components;
using Npgsql;

namespace Jackpot.LocalDapr.Storage;

/// <summary>The connection string of a PostgreSQL component, in Npgsql's form.</summary>
/// <remarks>Dapr's components take libpq's <c>host=… user=… password=… port=… database=…</c> or a URL; both are understood here, and Npgsql's own form too.</remarks>
static class PostgresConnection
{
    public static string StringOf(Component component)
    {
        var settings = component.Text("connectionString") is { Length: > 0 } written ? Parse(component, written) : new NpgsqlConnectionStringBuilder();
        settings.Host = component.Text("host") ?? settings.Host ?? throw component.Fault("connectionString", "'connectionString' or 'host' is needed");
        settings.Port = component.Whole("port", settings.Port, 1);
        settings.Database = component.Text("database") ?? settings.Database;
        settings.Username = component.Text("user") ?? settings.Username;
        settings.Password = component.Text("password") ?? settings.Password;
        settings.CommandTimeout = (int)component.Duration("timeout", TimeSpan.FromSeconds(20)).TotalSeconds;
        if (component.Whole("maxConns", 0) is > 0 and var connections)
        {
            settings.MaxPoolSize = connections;
        }
        return settings.ConnectionString;
    }

    static NpgsqlConnectionStringBuilder Parse(Component component, string written)
    {
        try
        {
            if (Uri.TryCreate(written, UriKind.Absolute, out var url) && url.Scheme is "postgres" or "postgresql")
            {
                return FromUrl(url);
            }
            return written.Contains(';', StringComparison.Ordinal) || written.Count(c => c == '=') == 1
                ? new NpgsqlConnectionStringBuilder(written)
                : FromKeywords(written);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            throw component.Fault("connectionString", $"the connection string cannot be read: {unreadable.Message}");
        }
    }

    static NpgsqlConnectionStringBuilder FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 5432,
            Database = url.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
    }

    static NpgsqlConnectionStringBuilder FromKeywords(string written)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        foreach (var pair in written.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException($"'{pair}' is not name=value");
            switch (name)
            {
                case "dbname": settings.Database = value; break;
                case "user": settings.Username = value; break;
                case "connect_timeout": settings.Timeout = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
                default: settings[name] = value; break;
            }
        }
        return settings;
    }
}
