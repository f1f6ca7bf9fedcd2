// An independent reader of an exported journal: it knows the public formats only, through Go's
// sumdb/note and tlog. It prints what it found and ends with 1 at the first thing that is wrong.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileWidth = 256

// A verifier of cosignatures (type 0x04), which sumdb/note does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newVerifier(vkey string) (note.Verifier, error) {
	if v, err := note.NewVerifier(vkey); err == nil {
		return v, nil
	}
	name, rest, _ := strings.Cut(vkey, "+")
	hash, key64, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(key64)
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("malformed verifier key")
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	if hex.EncodeToString(sum[:4]) != hash {
		return nil, errors.New("verifier key has another hash")
	}
	return cosigner{name, binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

func tilePath(level string, number, width int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number /= 1000; number > 0; number /= 1000 {
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return filepath.Join("tile", level, path)
}

func widthAt(size, number int64) int64 {
	if left := size - number*tileWidth; left < tileWidth {
		return left
	}
	return tileWidth
}

// The checkpoint's three lines; tlog.ParseTree accepts only Go's own origin.
func parseTree(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("not the three lines of this origin's checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// Reads all bundles, computes every leaf hash anew, and compares them with the level-0 tiles.
func readEntries(dir string, size int64) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for number := int64(0); number*tileWidth < size; number++ {
		width := widthAt(size, number)
		bundle, err := os.ReadFile(filepath.Join(dir, tilePath("entries", number, width)))
		if err != nil {
			return nil, err
		}
		tile, err := os.ReadFile(filepath.Join(dir, tilePath("0", number, width)))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("bundle %d is cut off", number)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			leaf := tlog.RecordHash(bundle[2 : 2+length])
			if !bytes.Equal(leaf[:], tile[i*32:(i+1)*32]) {
				return nil, fmt.Errorf("entry %d is not the one in the tile", number*tileWidth+i)
			}
			leaves = append(leaves, leaf)
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 || int64(len(tile)) != width*32 {
			return nil, fmt.Errorf("bundle or tile %d has bytes left over", number)
		}
	}
	return leaves, nil
}

// Hashes by index, as tlog wants them.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		out = append(out, h[index])
	}
	return out, nil
}

func buildTree(leaves []tlog.Hash) (hashes, error) {
	var stored hashes
	for i, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), leaf, stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, more...)
	}
	return stored, nil
}

// Tiles above level 0 must hold the roots of whole tiles below.
func checkUpperTiles(dir string, size int64, stored hashes) error {
	for level, count := 1, size/tileWidth; count > 0; level, count = level+1, count/tileWidth {
		for number := int64(0); number*tileWidth < count; number++ {
			width := widthAt(count, number)
			tile, err := os.ReadFile(filepath.Join(dir, tilePath(strconv.Itoa(level), number, width)))
			if err != nil {
				return err
			}
			for i := int64(0); i < width; i++ {
				want := stored[tlog.StoredHashIndex(8*level, number*tileWidth+i)]
				if !bytes.Equal(want[:], tile[i*32:(i+1)*32]) {
					return fmt.Errorf("tile %d of level %d has another hash %d", number, level, i)
				}
			}
		}
	}
	return nil
}

// Proofs at a few places, made and checked by tlog.
func checkProofs(tree tlog.Tree, leaves []tlog.Hash, stored hashes) error {
	for _, index := range []int64{0, tree.N / 3, tree.N / 2, tree.N - 1} {
		proof, err := tlog.ProveRecord(tree.N, index, stored)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaves[index]); err != nil {
			return err
		}
		if tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash([]byte("x"))) == nil {
			return errors.New("a proof holds for an entry that is not there")
		}
	}
	return nil
}

func run(dir string, vkeys []string) error {
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := newVerifier(vkey)
		if err != nil {
			return fmt.Errorf("%s: %w", vkey, err)
		}
		verifiers = append(verifiers, verifier)
	}
	message, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(message, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != len(verifiers) {
		return fmt.Errorf("%d of %d keys have signed", len(opened.Sigs), len(verifiers))
	}
	tree, err := parseTree(opened.Text, verifiers[0].Name())
	if err != nil {
		return err
	}
	leaves, err := readEntries(dir, tree.N)
	if err != nil {
		return err
	}
	stored, err := buildTree(leaves)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the entries do not have the signed root")
	}
	if err := checkUpperTiles(dir, tree.N, stored); err != nil {
		return err
	}
	if err := checkProofs(tree, leaves, stored); err != nil {
		return err
	}
	fmt.Printf("%d entries, %d signatures: all agree\n", tree.N, len(opened.Sigs))
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("reader: ")
	if len(os.Args) < 3 {
		log.Fatal("usage: reader EXPORT VERIFIER-KEY...")
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}
