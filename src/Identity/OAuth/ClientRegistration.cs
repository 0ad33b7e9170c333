using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>Writes the installation's own clients when the service starts, so that their addresses follow its settings.</summary>
internal sealed partial class ClientRegistration(
    Database database, IReadOnlyList<Client> clients, TimeProvider time, ILogger<ClientRegistration> log) : BackgroundService
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    public Task WriteAsync(CancellationToken cancellation) => database.WriteAsync(
        async (tx, c) =>
        {
            foreach (var client in clients)
            {
                await ClientStore.WriteAsync(tx, client, time.GetUtcNow(), c);
            }
        },
        cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await WriteAsync(stoppingToken);
                return;
            }
#pragma warning disable CA1031 // The database may come later than this service.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                NotYet(failure.Message);
                await Task.Delay(s_again, TimeProvider.System, stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 4402, Level = LogLevel.Debug, Message = "The clients could not be written yet: {Reason}")]
    private partial void NotYet(string reason);
}
