using static Vision.Weights.Pickle.Opcode;

namespace Vision.Weights.Pickle;

/// <summary>
/// Reads pickles of protocols 0 to 5 as torch.save writes them, and builds only tensor descriptions and plain containers.
/// Tuples become object[], lists and sets List, dicts OrderedDictionary, integers long (BigInteger if
/// necessary), and a persistent id a <see cref="StorageReference"/>.
/// </summary>
/// <remarks>Work and memory are bounded by the length of the file and a count of instructions, and nothing recurses.</remarks>
internal sealed class Unpickler
{
    private const int MaxInstructions = 10_000_000;

    private readonly PickleInput input;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];
    private readonly Dictionary<string, StorageReference> storages = [];

    private Unpickler(Stream stream) => input = new(stream);

    /// <summary>Reads one pickle and leaves the stream at its end.</summary>
    /// <exception cref="MalformedException">The content is not a pickle, or uses more than weights need.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within the pickle.</exception>
    public static object? Load(Stream stream) => Load(stream, out _);

    /// <summary>Reads one pickle, and returns the storages that it refers to by their keys.</summary>
    public static object? Load(Stream stream, out IReadOnlyDictionary<string, StorageReference> storages)
    {
        Unpickler unpickler = new(stream);
        storages = unpickler.storages;
        for (int count = 0; count < MaxInstructions; count++)
        {
            Opcode opcode = (Opcode)unpickler.input.Byte();
            if (opcode == Stop) return unpickler.Pop();
            unpickler.Execute(opcode);
        }
        throw new MalformedException($"its pickle has over {MaxInstructions} instructions, which no state dict needs");
    }

    private void Execute(Opcode opcode)
    {
        switch (opcode)
        {
            case Proto: CheckProtocol(input.Byte()); break;
            case Frame: input.Length64(); break;      // a hint for buffering
            case Mark: marks.Push(stack.Count); break;
            case Opcode.Pop: Pop(); break;
            case PopMark: PopToMark(); break;
            case Dup: Push(Peek()); break;

            case None: Push(null); break;
            case NewTrue: Push(true); break;
            case NewFalse: Push(false); break;
            case Int or Long: Push(input.IntegerLine()); break;
            case BinInt: Push((long)input.Int32()); break;
            case BinInt1: Push((long)input.Byte()); break;
            case BinInt2: Push((long)input.UInt16()); break;
            case Long1: Push(input.Integer(input.Byte())); break;
            case Long4: Push(input.Integer(input.Int32())); break;
            case Float: Push(input.FloatLine()); break;
            case BinFloat: Push(input.BigEndianDouble()); break;

            case Opcode.String: Push(input.QuotedLine()); break;
            case BinString: Push(input.Latin1(input.Int32())); break;
            case ShortBinString: Push(input.Latin1(input.Byte())); break;
            case Unicode: Push(input.Line()); break;
            case BinUnicode: Push(input.Utf8(input.UInt32())); break;
            case ShortBinUnicode: Push(input.Utf8(input.Byte())); break;
            case BinUnicode8: Push(input.Utf8(input.Length64())); break;
            case BinBytes: Push(input.Bytes(input.UInt32())); break;
            case ShortBinBytes: Push(input.Bytes(input.Byte())); break;
            case BinBytes8 or ByteArray8: Push(input.Bytes(input.Length64())); break;

            case EmptyTuple: Push(Array.Empty<object?>()); break;
            case Opcode.Tuple: Push(PopToMark()); break;
            case Tuple1: Push(PopMany(1)); break;
            case Tuple2: Push(PopMany(2)); break;
            case Tuple3: Push(PopMany(3)); break;
            case EmptyList or EmptySet: Push(new List<object?>()); break;
            case List or FrozenSet: Push(PopToMark().ToList()); break;
            case Append: { object? item = Pop(); PeekList().Add(item); break; }
            case Appends or AddItems: { object?[] items = PopToMark(); PeekList().AddRange(items); break; }
            case EmptyDict: Push(new OrderedDictionary<object, object?>()); break;
            case Dict: { object?[] items = PopToMark(); Push(new OrderedDictionary<object, object?>()); SetPairs(items); break; }
            case SetItem: SetPairs(PopMany(2)); break;
            case SetItems: SetPairs(PopToMark()); break;

            case Get: Push(Recall(input.IntegerLine())); break;
            case BinGet: Push(Recall((long)input.Byte())); break;
            case LongBinGet: Push(Recall((long)input.UInt32())); break;
            case Put: memo[input.IntegerLine() as long? ?? throw Misformed()] = Peek(); break;
            case BinPut: memo[input.Byte()] = Peek(); break;
            case LongBinPut: memo[input.UInt32()] = Peek(); break;
            case Memoize: memo[memo.Count] = Peek(); break;

            case Global: { string module = input.Line(); Push(AllowedGlobals.Find(module, input.Line())); break; }
            case StackGlobal: { object?[] names = PopMany(2); Push(FindGlobal(names[0], names[1])); break; }
            case Reduce or NewObj: { object?[] call = PopMany(2); Push(Call(call[0], call[1])); break; }
            case NewObjEx: throw new MalformedException(
                "its pickle creates an object with keyword arguments, which no tensor or plain container takes");
            case Inst:
            {
                string module = input.Line();
                object global = AllowedGlobals.Find(module, input.Line());
                Push(Call(global, PopToMark()));
                break;
            }
            case Obj:
            {
                object?[] call = PopToMark();
                Push(call is [var function, .. var arguments] ? Call(function, arguments) : throw Misformed());
                break;
            }
            case Build: { object? state = Pop(); SetState(Peek(), state); break; }
            case PersId: throw new MalformedException("its pickle refers to data in a way that torch.save does not");
            case BinPersId: Push(Remember(StorageReference.Parse(Pop()))); break;
            case Ext1 or Ext2 or Ext4: throw new MalformedException(
                "its pickle asks for an entry of Python's extension registry, which no state dict does; it was not run");
            default: throw new MalformedException(
                $"it does not contain a pickle of torch.save: byte 0x{(byte)opcode:x2} is not an instruction");
        }
    }

    private static void CheckProtocol(byte protocol)
    {
        if (protocol > 5) throw new MalformedException($"its pickle has protocol {protocol}; expected 0 to 5");
    }

    private void Push(object? value) => stack.Add(value);

    /// <summary>The lowest stack position that may be popped: items below the last mark are not reachable.</summary>
    private int Floor => marks.TryPeek(out int mark) ? mark : 0;

    private object? Peek() => stack.Count > Floor ? stack[^1] : throw Misformed();

    private object? Pop()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        int first = stack.Count - count;
        if (first < Floor) throw Misformed();
        object?[] values = [.. stack[first..]];
        stack.RemoveRange(first, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (!marks.TryPop(out int mark)) throw Misformed();
        object?[] values = [.. stack[mark..]];
        stack.RemoveRange(mark, values.Length);
        return values;
    }

    private List<object?> PeekList() => Peek() as List<object?> ?? throw Misformed();

    private void SetPairs(object?[] items)
    {
        if (Peek() is not OrderedDictionary<object, object?> dictionary || items.Length % 2 != 0) throw Misformed();
        for (int i = 0; i < items.Length; i += 2) dictionary[items[i] ?? "None"] = items[i + 1];
    }

    private object? Recall(object key) => key is long index && memo.TryGetValue(index, out object? value) ? value : throw Misformed();

    private static object FindGlobal(object? module, object? name) =>
        module is string m && name is string n ? AllowedGlobals.Find(m, n) : throw Misformed();

    private static object? Call(object? function, object? arguments)
    {
        if (function is not AllowedGlobals.Function f || arguments is not object?[] values)
            throw new MalformedException("its pickle calls something that is not a function; it was not run");
        return f(values);
    }

    private static void SetState(object? target, object? state)
    {
        switch (target)
        {
            // The attributes of a state dict are the versions of its modules, which are not needed.
            case OrderedDictionary<object, object?>: break;
            case NumpyDtype dtype when state is object?[] and [_, string order, ..]: dtype.BigEndian = order == ">"; break;
            default: throw new MalformedException("its pickle sets the state of something that is not a dict; this was not executed");
        }
    }

    private StorageReference Remember(StorageReference storage)
    {
        if (storages.TryAdd(storage.Key, storage)) return storage;
        StorageReference first = storages[storage.Key];
        return first.Dtype == storage.Dtype && first.Count == storage.Count
            ? storage
            : throw new MalformedException($"storage '{storage.Key}' has two conflicting descriptions");
    }

    private static MalformedException Misformed() => new("its pickle is damaged");
}
