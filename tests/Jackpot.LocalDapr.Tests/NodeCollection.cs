using Jackpot.TestKit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
