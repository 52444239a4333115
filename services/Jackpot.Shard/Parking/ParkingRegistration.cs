namespace Jackpot.Shard.Parking;

internal static class ParkingRegistration
{
    public static void AddParking(this IServiceCollection services)
    {
        services.AddSingleton<ParkingRelease>().AddSingleton<ParkedRowEndpoints>();
        services.AddHostedService<ParkingWatch>();
    }
}
