using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

public sealed class BcryptLanesTests
{
    private const string Salt = "CCCCCCCCCCCCCCCCCCCCC.";

    [Fact]
    public void Any_four_phrases_come_out_as_the_C_library_hashes_them()
    {
        Assert.SkipUnless(LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        var phrases = Gen.ArrayOf(Gen.Choose(1, 255).Select(value => (byte)value)).Where(bytes => bytes.Length <= 72);
        var salts = Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 16);
        var tasks = phrases.SelectMany(phrase => salts, (phrase, salt) => new BcryptTask(phrase, Bcrypt.Setting(Bcrypt.CostMin, salt)));
        var some = Gen.Choose(1, BcryptLanes.Lanes).SelectMany(count => Gen.ArrayOf(tasks, count));

        Prop.ForAll(some.ToArbitrary(), lanes => BcryptLanes.Hash(lanes).SequenceEqual(lanes.Select(lane => LibCrypt.Hash(lane.Phrase, lane.Setting)!)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(71)]
    [InlineData(72)]
    public void Phrases_at_the_edges_of_the_length_are_hashed_alike(int length)
    {
        Assert.SkipUnless(LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        var phrase = Encoding.ASCII.GetBytes(new string('x', length));
        Assert.Equal(LibCrypt.Hash(phrase, $"$2y$05${Salt}"), Assert.Single(BcryptLanes.Hash([new BcryptTask(phrase, $"$2y$05${Salt}")])));
    }

    [Fact]
    public void A_published_vector_holds_without_the_C_library() =>
        Assert.Equal(
            $"$2b$05${Salt}E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            Assert.Single(BcryptLanes.Hash([new BcryptTask("U*U"u8.ToArray(), $"$2b$05${Salt}")])));

    [Theory]
    [InlineData("$2b$05$" + Salt, true)]
    [InlineData("$2y$05$" + Salt + "E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", true)]
    [InlineData("$2a$05$" + Salt, false)]
    [InlineData("$2x$05$" + Salt, false)]
    [InlineData("$2b$03$" + Salt, false)]
    [InlineData("$2b$99$" + Salt, false)]
    [InlineData("$2b$xx$" + Salt, false)]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCC!.", false)]
    [InlineData("$2b$05$CCC", false)]
    [InlineData("", false)]
    public void Only_modern_settings_that_are_completely_written_go_into_the_lanes(string setting, bool taken) =>
        Assert.Equal(taken, BcryptLanes.Takes(new BcryptTask("U*U"u8.ToArray(), setting)));

    [Fact]
    public void A_phrase_with_a_zero_in_it_is_left_to_the_C_library_to_refuse() =>
        Assert.False(BcryptLanes.Takes(new BcryptTask([1, 0, 2], $"$2b$05${Salt}")));

    [Fact]
    public async Task Hashes_that_wait_for_the_same_worker_are_made_together_and_each_gets_its_own()
    {
        Assert.SkipUnless(LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        using var workers = new HashingWorkers(1, 16);
        using var gate = new ManualResetEventSlim();
        var busy = workers.RunAsync(() => gate.Wait(TimeSpan.FromSeconds(30)), default);
        var tasks = Enumerable.Range(0, 11).Select(number => new BcryptTask(
            Encoding.ASCII.GetBytes($"phrase {number}"), number == 7 ? "no setting" : Bcrypt.NewSetting(number % 3 == 0 ? 5 : 4))).ToArray();
        var hashing = tasks.Select(task => workers.HashAsync(task, default)).ToArray();
        gate.Set();

        var hashes = (await Task.WhenAll(hashing)).Select(outcome => outcome.Value);

        Assert.True((await busy).Value);
        Assert.Equal(tasks.Select(task => LibCrypt.Hash(task.Phrase, task.Setting)), hashes);
    }
}
