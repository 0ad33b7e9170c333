using System.Net.Http.Headers;
using System.Text;
using Slipway.TitanicApi.Tests.Scenes;

namespace Slipway.TitanicApi.Tests.Safety;

public sealed class CrashTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    [Fact]
    public async Task An_import_whose_program_is_killed_goes_on_in_another_with_nothing_lost_or_doubled()
    {
        var id = Guid.CreateVersion7();
        var file = Encoding.UTF8.GetBytes("Survived,Pclass,Name,Sex,Age,Siblings/Spouses Aboard,Parents/Children Aboard,Fare\n"
            + string.Concat(Enumerable.Range(0, 700).Select(number => $"1,2,Killed Number {number},female,20,0,0,8.05\n")));
        var there = scene.Person(TitanicScene.AllScopes);
        await using (var doomed = await ServiceProcess.StartAsync(scene.Environment()))
        {
            using var figures = new HttpClient { BaseAddress = doomed.Metrics };
            Assert.Contains("people_total", await figures.GetStringAsync("/metrics"), StringComparison.Ordinal);
            Assert.Equal(404, (int)(await figures.GetAsync("/people")).StatusCode);

            using var client = new HttpClient { BaseAddress = doomed.Address };
            client.DefaultRequestHeaders.Authorization = there.Client.DefaultRequestHeaders.Authorization;
            using var content = new StreamContent(new HeldStream(file, file.Length * 2 / 3));
            content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            using var gone = new CancellationTokenSource();
            var sending = client.PostAsync($"/people/import?id={id}", content, gone.Token);
            await Eventually.TrueAsync(async () => await there.GetAsync($"/people/imports/{id}") is { Status: 200 } job && job.Json().Number("rows") >= 200);
            await doomed.KillAsync();
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => sending);
        }

        var offset = (await there.GetAsync($"/people/imports/{id}")).Ok().Number("offset");
        var done = (await there.SendAsync("PUT", $"/people/imports/{id}?offset={offset}", Encoding.UTF8.GetString(file.AsSpan(offset)), "text/csv")).Ok();

        Assert.Equal(("done", 700, 700), (done.Text("status"), done.Number("rows"), done.Number("created")));
        Assert.Equal("700", await scene.Database.AsTenantAsync("titanic", "select count(distinct name) from people where name like 'Killed%'"));
        Assert.Equal("700", await scene.Database.AsTenantAsync("titanic", "select count(*) from people where name like 'Killed%'"));
    }

    /// <summary>Gives the beginning of a file and then nothing, like a line that went dead.</summary>
    private sealed class HeldStream(byte[] file, int length) : MemoryStream(file, 0, length)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return count;
        }
    }
}
