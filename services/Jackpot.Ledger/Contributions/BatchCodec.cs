using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Ledger.Contributions;

/// <summary>
/// The bytes of one batch on its way to its owner and of the answers: version byte, count, then the items back to back, little-endian, texts as length and UTF-8.
/// Internal to one shard's replicas; a replica of another version is told so instead of misread.
/// </summary>
internal static class BatchCodec
{
    /// <summary>Most contributions of one batch.</summary>
    public const int ItemsMax = 1_000;

    const byte Version = 4;

    // In place of an amount: all that is left of the bet. In place of an age: two people have approved it.
    const long All = long.MinValue;
    const long NoLimits = -1;

    public static void WriteRequestHeader(IBufferWriter<byte> output, int items) => new ByteWriter(output).Header(Version, items);

    public static void WriteRequestItem(IBufferWriter<byte> output, in AcceptedContribution item)
    {
        var writer = new ByteWriter(output);
        writer.Number(item.Jackpot);
        writer.Hash(item.Key16);
        writer.Hash(item.Body16);
        writer.Hash(item.Id16);
        writer.Number(item.StakeMicros);
        writer.Number(item.BetMicros);
        writer.Text(item.BetCurrency);
        writer.Byte((byte)item.Funding);
        writer.Number(item.RateNanos);
        writer.Number(item.RateVersion);
        writer.Number(item.OccurredAtTicks);
        writer.Number(item.ReceivedAtTicks);
        writer.Text(item.TenantId);
        writer.Text(item.ContributionId);
        writer.Text(item.PlayerId);
        writer.Text(item.GameId);
        writer.Text(item.RoundId);
        writer.Byte((byte)(item.Void is null ? 0 : 1));
        if (item.Void is { } taken)
        {
            Write(writer, taken);
        }
    }

    static void Write(ByteWriter writer, VoidItem taken)
    {
        writer.Number(taken.Sequence);
        writer.Number(taken.BetMicros ?? All);
        writer.Text(taken.Currency);
        writer.Byte((byte)taken.Road);
        writer.Number(taken.Limits?.AgeMsMax ?? NoLimits);
        writer.Number(taken.Limits?.ShareMax.Value ?? 0);
        writer.Text(taken.Reason);
        writer.Text(taken.ApprovedBy);
    }

    static VoidItem ReadVoid(ref ByteReader reader)
    {
        var (sequence, bet, currency, road) = (reader.Int64(), reader.Int64(), reader.Text(), (VoidRoad)reader.Byte());
        var (age, share) = (reader.Int64(), reader.Int32());
        return new VoidItem(
            sequence, bet == All ? null : bet, currency, road, age == NoLimits ? null : new VoidLimits(age, new PartsPerMillion(share)),
            reader.Text(), reader.Text());
    }

    /// <summary>Reads the items into <paramref name="items"/>, which has room for <see cref="ItemsMax"/>, and returns how many there are.</summary>
    public static int ReadRequest(ReadOnlySpan<byte> bytes, AcceptedContribution[] items)
    {
        var reader = new ByteReader(bytes);
        var count = reader.Header(Version, ItemsMax);
        var (currency, tenant, game) = ("", "", "");
        foreach (ref var item in items.AsSpan(0, count))
        {
            item.Jackpot = reader.Int32();
            item.Key16 = reader.Hash();
            item.Body16 = reader.Hash();
            item.Id16 = reader.Hash();
            item.StakeMicros = reader.Int64();
            item.BetMicros = reader.Int64();
            item.BetCurrency = currency = reader.Text(currency);
            item.Funding = (BetFunding)reader.Byte();
            item.RateNanos = reader.Int64();
            item.RateVersion = reader.Int32();
            item.OccurredAtTicks = reader.Int64();
            item.ReceivedAtTicks = reader.Int64();
            item.TenantId = tenant = reader.Text(tenant);
            item.ContributionId = reader.Text();
            item.PlayerId = reader.Text();
            item.GameId = game = reader.Text(game);
            item.RoundId = reader.Text();
            item.Void = reader.Byte() == 0 ? null : ReadVoid(ref reader);
            item.Waiting = null;
        }

        return count;
    }

    public static void WriteResponse(IBufferWriter<byte> output, ReadOnlySpan<RecordedContribution> answers)
    {
        var writer = new ByteWriter(output);
        writer.Header(Version, answers.Length);
        foreach (var answer in answers)
        {
            writer.Byte((byte)answer.Kind);
            writer.Number(answer.Sequence);
            writer.Number(answer.ContributionMicros);
            writer.Byte((byte)answer.Pools.Length);
            foreach (var pool in answer.Pools)
            {
                writer.Number(pool.Cycle);
                writer.Number(pool.AmountMicros);
            }

            writer.Byte((byte)answer.Awards.Length);
            foreach (var award in answer.Awards)
            {
                writer.Byte((byte)award.Tier);
                writer.Text(award.AwardId);
                writer.Number(award.AmountMicros);
            }

            writer.Byte((byte)(answer.Void is null ? 0 : 1));
            if (answer.Void is { } record)
            {
                Write(writer, record);
            }
        }
    }

    static void Write(ByteWriter writer, VoidRecord record)
    {
        writer.Byte((byte)record.Result);
        writer.Number(record.Number);
        writer.Number(record.BetMicros);
        writer.Text(record.BetCurrency);
        writer.Number(record.ContributionMicros);
        writer.Number(record.CarriedMicros);
        writer.Byte((byte)record.Awards.Length);
        foreach (var award in record.Awards)
        {
            writer.Text(award);
        }
    }

    static VoidRecord ReadRecord(ref ByteReader reader)
    {
        var (result, number, bet, currency) = ((VoidResult)reader.Byte(), reader.Int64(), reader.Int64(), reader.Text());
        var (contribution, carried) = (reader.Int64(), reader.Int64());
        var awards = new string[reader.Byte()];
        foreach (ref var award in awards.AsSpan())
        {
            award = reader.Text();
        }

        return new VoidRecord(result, number, bet, currency, contribution, carried, awards);
    }

    public static RecordedContribution[] ReadResponse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var answers = new RecordedContribution[reader.Header(Version, ItemsMax)];
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = answers[i] = new RecordedContribution
            {
                Kind = (RecordedKind)reader.Byte(),
                Sequence = reader.Int64(),
                ContributionMicros = reader.Int64(),
            };
            answer.Pools = new PoolAmount[reader.Byte()];
            foreach (ref var pool in answer.Pools.AsSpan())
            {
                pool = new PoolAmount(reader.Int64(), reader.Int64());
            }

            var awards = reader.Byte();
            answer.Awards = awards == 0 ? [] : new WonAward[awards];
            foreach (ref var award in answer.Awards.AsSpan())
            {
                award = new WonAward(reader.Byte(), reader.Text(), reader.Int64());
            }

            answer.Void = reader.Byte() == 0 ? null : ReadRecord(ref reader);
        }

        return answers;
    }

    readonly ref struct ByteWriter(IBufferWriter<byte> output)
    {
        public void Header(byte version, int count)
        {
            Byte(version);
            Number(count);
        }

        public void Byte(byte value)
        {
            output.GetSpan(1)[0] = value;
            output.Advance(1);
        }

        public void Number(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
            output.Advance(sizeof(int));
        }

        public void Number(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
            output.Advance(sizeof(long));
        }

        public void Hash(Guid value)
        {
            value.TryWriteBytes(output.GetSpan(16));
            output.Advance(16);
        }

        public void Text(string value)
        {
            var span = output.GetSpan(sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(value.Length));
            var length = Encoding.UTF8.GetBytes(value, span[sizeof(ushort)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)length);
            output.Advance(sizeof(ushort) + length);
        }
    }

    ref struct ByteReader(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> _rest = bytes;

        public int Header(byte version, int countMax)
        {
            var seen = Byte();
            if (seen != version)
            {
                throw new InvalidDataException($"The batch has version {seen}; this replica speaks version {version}.");
            }

            var count = Int32();
            return count >= 0 && count <= countMax
                ? count
                : throw new InvalidDataException($"The batch says it has {count} items; at most {countMax} are taken.");
        }

        public byte Byte() => Take(1)[0];

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public Guid Hash() => new(Take(16));

        public string Text() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))));

        /// <summary>A text that is often the same as that of the item before: then no new string is made.</summary>
        public string Text(string before)
        {
            var bytes = Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort))));
            return Ascii.Equals(bytes, before) ? before : Encoding.UTF8.GetString(bytes);
        }

        ReadOnlySpan<byte> Take(int length)
        {
            if (length > _rest.Length)
            {
                throw new InvalidDataException("The batch ends in the middle of an item.");
            }

            var taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }
    }
}
