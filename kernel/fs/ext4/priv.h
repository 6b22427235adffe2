// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ext4 from inside (kernel/fs/ext4/*.c), bottom up: the cache of blocks, operations and the
// transaction, the journal, groups and bitmaps, inodes, where a file's blocks are, data,
// directories, nodes and the operations on them.
//
// Changing anything goes like this: op_run() begins an operation and calls a function, which says
// op_write(buf) before it changes a buffer. If the function fails, all buffers are as they were.
// Operations gather in a transaction, which commit() makes durable, all or nothing.
//
// A buffer stays in memory until the request (or tick) that asked for it ends.
#ifndef EXT4_PRIV_H
#define EXT4_PRIV_H

#include <core/klib.h>
#include <fs/abi.h>
#include <fs/ext4/disk.h>
#include <fs/ext4/ext4.h>

#define BLOCK_MAX 4096u
#define OP_BLOCKS 96u     // as many blocks as one operation changes at most
#define OP_FREES 24u      // and as many runs of blocks as one gives back
#define FREED_MAX 1024u   // runs that one transaction gives back
#define CACHE_BUCKETS 1024u
#define NODE_BUCKETS 256u
#define STAGE_BYTES 131072u // for writing neighbours at once

enum kind {
	KIND_DATA, // of files: not journalled
	KIND_SUPER, KIND_GROUPS, KIND_BLOCK_BITMAP, KIND_INODE_BITMAP, KIND_INODES, KIND_EXTENTS,
	KIND_INDIRECT, KIND_DIR, KIND_LINK, KIND_XATTR,
};

#define BUF_TX 0x1    // changed by the running transaction
#define BUF_LOG 0x2   // what the last commit has of it is in the journal, but not in place
#define BUF_DIRTY 0x4 // KIND_DATA: to be written, before the next commit
#define BUF_OP 0x8    // changed by the operation that runs
#define BUF_FRESH 0x10 // made by it: not there before

struct buf {
	uint64_t block;
	uint8_t *data;
	uint8_t *undo;      // BUF_OP, not BUF_FRESH: how it was before
	struct buf *next;   // in the hash bucket
	struct buf *next_op;
	struct list lru;    // of all
	struct list link;   // of fs->tx, fs->log or fs->dirty, by the first state that it has
	uint64_t held;      // the request that holds it
	uint32_t seed;      // of its checksum: the inode's (without any: its number); or the group;
			    // or the first inode
	uint32_t changed;   // KIND_INODES: which of them
	uint8_t kind, state, was;
};

struct freed {
	uint64_t block;
	uint32_t count;
	bool meta;
};

struct node {
	struct node *next; // in the hash bucket; of the free ones
	uint32_t ino;      // 0: free
	uint32_t number;
	bool opened, writable;
	uint64_t read_end; // where the last read ended
};

struct run {
	uint64_t block; // 0: a hole
	uint32_t len;
	bool unwritten;
};

struct journal_run { // blocks of the journal that lie one behind the other
	uint32_t at, len;
	uint64_t block;
};

struct ext4 {
	struct volume_server server;
	struct blockdev *dev;
	struct ext4_options o;
	bool readonly, broken; // broken: an error made it so; nothing is written any more
	bool writing;          // the disk says that it is in use
	// From the superblock.
	uint32_t bs, bits, compat, incompat, ro;
	uint64_t blocks;
	uint32_t first_block, group_blocks, group_inodes, groups, inodes, first_ino;
	uint32_t inode_size, extra_isize, desc_size, reserved_gdt;
	uint32_t backups[2];
	uint32_t hash_seed[4];
	bool csum, gdt_csum, hash_unsigned;
	uint8_t uuid[16];
	uint32_t seed;         // of checksums
	// The cache.
	struct buf *bucket[CACHE_BUCKETS];
	struct list lru;
	uint64_t request;      // counts; buffers with it stay
	uint32_t cached, cache_max;
	uint8_t *stage;
	uint32_t stage_len;
	// The running operation and transaction.
	struct list tx, log, dirty;
	uint32_t tx_count, log_count, dirty_count, tx_max;
	struct buf *op;
	bool in_op, op_lazy, tx_needed, unflushed;
	uint64_t tx_since;     // when the first change was made; 0: there is none
	struct freed *freed;
	uint32_t freed_count, op_freed;
	uint32_t freed_meta, op_freed_meta; // blocks of metadata among them
	int64_t blocks_added, inodes_added; // free ones, that the superblock does not know yet
	int64_t op_blocks, op_inodes;       // the same when the operation began
	// The journal.
	struct journal {
		struct journal_run *run;
		uint32_t runs, len, first, head, tail_used; // head: the next block to write
		uint32_t sequence;      // of the next commit
		uint32_t incompat;
		uint32_t seed;
		struct journal_super *super; // its first block; behind it room for two more
		bool on, elsewhere;
	} journal;
	// Nodes.
	struct node *nodes[NODE_BUCKETS], **node_at, *node_free;
	uint32_t node_count;
	uint32_t bad_said;     // how often ext4_bad() has spoken
	uint32_t dir_group;    // where the next directory goes
};

// crc.c
uint32_t crc32c(uint32_t crc, const void *p, size_t n);
uint16_t crc16(uint16_t crc, const void *p, size_t n);

// mount.c. Messages: "the volume NAME: ...".
#define ext4_say(fs, fmt, ...) klog("the volume %s: " fmt, (fs)->o.name, ##__VA_ARGS__)
// What is on the disk cannot be: gives -EUCLEAN, as Linux does, and says so the first few times.
int ext4_bad(struct ext4 *fs, const char *what, uint64_t where);
void ext4_break(struct ext4 *fs, const char *why); // no more writing

// cache.c
int cache_init(struct ext4 *fs);
void cache_free(struct ext4 *fs);
void cache_trim(struct ext4 *fs); // between requests: holds end, memory is given back
struct buf *buf_find(struct ext4 *fs, uint64_t block);
int buf_get(struct ext4 *fs, uint64_t block, enum kind kind, uint32_t seed, struct buf **out);
// Without reading: for new contents; zeros. Metadata is then part of the operation.
int buf_new(struct ext4 *fs, uint64_t block, enum kind kind, uint32_t seed, struct buf **out);
void buf_drop(struct ext4 *fs, struct buf *b);
bool block_ok(const struct ext4 *fs, uint64_t block, uint64_t count);
int dev_read(struct ext4 *fs, uint64_t block, void *to, size_t len);
int dev_write(struct ext4 *fs, uint64_t block, const void *from, size_t len);
int dev_flush(struct ext4 *fs);

// checksum.c
bool buf_verify(const struct ext4 *fs, const struct buf *b);
void buf_sum(struct ext4 *fs, struct buf *b); // sets it, before the block is written
uint16_t group_sum(const struct ext4 *fs, uint32_t group, const struct disk_group *d);
uint32_t super_sum(const struct disk_super *s);
uint32_t bitmap_sum(const struct ext4 *fs, const struct buf *b);
uint32_t inode_seed(const struct ext4 *fs, uint32_t ino, uint32_t generation);
uint32_t inode_sum(const struct ext4 *fs, uint32_t ino, const struct disk_inode *raw);

// op.c
int op_begin(struct ext4 *fs);
int op_end(struct ext4 *fs, int r);
int op_run(struct ext4 *fs, int (*act)(struct ext4 *fs, void *arg), void *arg);
int op_write(struct ext4 *fs, struct buf *b);
void op_fresh(struct ext4 *fs, struct buf *b); // buf_new()
void tx_add(struct ext4 *fs, struct buf *b);   // without an operation

// write.c: blocks in order, neighbours at once.
int write_list(struct ext4 *fs, struct list *l, uint32_t count);
struct stage {
	uint64_t block;
	uint32_t used;
};
int stage_put(struct ext4 *fs, struct stage *s, uint64_t block, const void *data);
int stage_end(struct ext4 *fs, struct stage *s);

// commit.c
int commit(struct ext4 *fs);
int data_flush(struct ext4 *fs); // dirty data to the device
int checkpoint(struct ext4 *fs); // after a commit: everything in place, the journal is empty

// journal.c
int journal_open(struct ext4 *fs);   // finds it; replays it
int journal_start(struct ext4 *fs);  // writing begins
int journal_stop(struct ext4 *fs);
void journal_free(struct ext4 *fs);
uint64_t journal_block(const struct ext4 *fs, uint32_t at); // 0: it has none
uint32_t journal_next(const struct ext4 *fs, uint32_t at);
uint32_t journal_room(const struct ext4 *fs);
int journal_set_tail(struct ext4 *fs, uint32_t start);
// journal_write.c: the running transaction into the log, with its commit record.
int journal_write(struct ext4 *fs);
bool journal_summed(const struct ext4 *fs);
uint32_t journal_tag_size(const struct ext4 *fs);
// recover.c: what was committed goes in place.
int journal_recover(struct ext4 *fs);

// shape.c: the superblock is read. Before the journal has been replayed it may be torn: then it is
// not `sure`.
int super_read(struct ext4 *fs, bool sure);
// super.c
int super_get(struct ext4 *fs, struct buf **b, struct disk_super **s);
int super_begin(struct ext4 *fs); // the first change is about to be made
int super_counts(struct ext4 *fs); // what is free, as part of the transaction
int super_end(struct ext4 *fs);   // there is nothing to be written any more
// features.c
int features_check(struct ext4 *fs, const struct disk_super *s, bool sure);

// group.c
struct group {
	uint32_t nr;
	struct buf *buf;
	struct disk_group *d;
};
int group_get(struct ext4 *fs, uint32_t nr, struct group *g);
uint64_t group_first(const struct ext4 *fs, uint32_t nr);
uint32_t group_len(const struct ext4 *fs, uint32_t nr);
uint64_t group_block_bitmap(const struct ext4 *fs, const struct group *g);
uint64_t group_inode_bitmap(const struct ext4 *fs, const struct group *g);
uint64_t group_inode_table(const struct ext4 *fs, const struct group *g);
uint32_t group_free_blocks(const struct ext4 *fs, const struct group *g);
uint32_t group_free_inodes(const struct ext4 *fs, const struct group *g);
void group_add(struct ext4 *fs, struct group *g, int blocks, int inodes, int dirs);
uint32_t group_unused(const struct ext4 *fs, const struct group *g);
void group_set_unused(const struct ext4 *fs, struct group *g, uint32_t n);
int group_bitmap(struct ext4 *fs, struct group *g, bool inodes, struct buf **b);
// A group and its bitmap, both about to be changed.
int group_edit(struct ext4 *fs, uint32_t nr, bool inodes, struct group *g, struct buf **map);
bool group_has_super(const struct ext4 *fs, uint32_t nr);

// bits.c
bool bit_test(const uint8_t *map, uint32_t n);
void bits_set(uint8_t *map, uint32_t from, uint32_t count, bool on);
uint32_t bits_run(const uint8_t *map, uint32_t from, uint32_t end, bool on); // how many are so
uint32_t bits_next(const uint8_t *map, uint32_t from, uint32_t end, bool on); // end: none

// balloc.c, ialloc.c
int blocks_alloc(struct ext4 *fs, uint64_t goal, uint32_t want, struct run *got);
int blocks_free(struct ext4 *fs, uint64_t block, uint32_t count, bool meta);

// inode.c
struct inode {
	uint32_t ino;
	uint32_t seed;
	struct buf *buf;
	struct disk_inode *raw;
};
int inode_get(struct ext4 *fs, uint32_t ino, struct inode *in);
int inode_change(struct ext4 *fs, struct inode *in); // before it is changed
int inode_edit(struct ext4 *fs, uint32_t ino, struct inode *in); // both
uint64_t inode_size(const struct inode *in);
void inode_set_size(struct ext4 *fs, struct inode *in, uint64_t size);
uint64_t inode_sectors(const struct ext4 *fs, const struct inode *in);
void inode_add_blocks(struct ext4 *fs, struct inode *in, int64_t blocks);
enum inode_time { TIME_A, TIME_M, TIME_C, TIME_CREATED };
int64_t inode_time(const struct ext4 *fs, const struct inode *in, enum inode_time which);
void inode_set_time(const struct ext4 *fs, struct inode *in, enum inode_time which, int64_t ns);
int64_t wall_now(void);
void inode_touch(const struct ext4 *fs, struct inode *in, bool modified); // ctime, mtime
bool inode_extents(const struct inode *in);
bool inode_journalled(const struct inode *in);
uint64_t inode_max_size(const struct ext4 *fs, const struct inode *in);
uint64_t inode_goal(const struct ext4 *fs, const struct inode *in);
int inode_alloc(struct ext4 *fs, uint32_t parent, uint32_t mode, struct inode *in);
int inode_free(struct ext4 *fs, struct inode *in);
void inode_attr(const struct ext4 *fs, const struct inode *in, struct volume_attr *a);

// map.c: file block -> disk block. run->len is at least 1 and at most max.
int map_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run);
// In an operation: blocks for the hole at `at`; fewer than wanted are fine. unwritten: they read as
// zeros.
int map_alloc(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t want, bool unwritten,
	      struct run *run);
int map_written(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t len);
// Gives back blocks among [from, to), as many as fit in one operation: 1 if there may be more.
int map_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to);

// extent.c, extent_add.c, extent_free.c
struct extent_level {
	struct buf *buf; // NULL: in the inode
	struct extent_header *h;
	int at;          // the entry that leads to it; -1: before the first
};
struct extent_path {
	struct extent_level level[EXTENT_DEPTH_MAX + 1];
	int depth;
};
int extent_find(struct ext4 *fs, struct inode *in, uint32_t at, struct extent_path *p);
struct extent *extent_of(const struct extent_level *l, int at);
struct extent_index *extent_index_of(const struct extent_level *l, int at);
uint64_t extent_start(const struct extent *e);
void extent_set(struct extent *e, uint32_t at, uint64_t block, uint32_t len, bool unwritten);
uint32_t extent_len(const struct extent *e);
bool extent_unwritten(const struct extent *e);
uint64_t extent_leaf(const struct extent_index *i);
uint32_t extent_end(const struct extent_path *p); // where the next extent begins
int extent_change(struct ext4 *fs, struct inode *in, struct extent_level *l);
int extent_fix_keys(struct ext4 *fs, struct inode *in, struct extent_path *p);
int extent_add(struct ext4 *fs, struct inode *in, uint32_t at, uint64_t block, uint32_t len,
	       bool unwritten);
int extent_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run);
int extent_written(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t len);
int extent_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to);
void extent_init(struct disk_inode *raw);

// indirect.c
int indirect_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run);
int indirect_alloc(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t want, struct run *run);
int indirect_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to);
uint64_t indirect_blocks(const struct ext4 *fs);

// data.c: between memory and the blocks of a run. off is in the run, in bytes.
int data_read(struct ext4 *fs, uint64_t block, uint64_t off, void *to, size_t len, uint32_t ahead);
int data_write(struct ext4 *fs, uint64_t block, uint64_t off, const void *from, size_t len,
	       bool fresh);
// file.c, truncate.c
int64_t file_read(struct ext4 *fs, struct node *n, uint64_t off, uint8_t *to, uint64_t len);
int64_t file_write(struct ext4 *fs, struct node *n, uint64_t off, const uint8_t *from,
		   uint64_t len);
int file_truncate(struct ext4 *fs, uint32_t ino, uint64_t size);
int file_truncate_rest(struct ext4 *fs, uint32_t ino); // after a crash: to its size
int file_zero(struct ext4 *fs, struct inode *in, uint64_t from, uint64_t to); // inside a block
int file_allocate(struct ext4 *fs, uint32_t ino, uint32_t mode, uint64_t off, uint64_t len);
int64_t file_seek(struct ext4 *fs, uint32_t ino, uint64_t off, bool data);

// orphan.c
int orphan_add(struct ext4 *fs, struct inode *in);
int orphan_remove(struct ext4 *fs, struct inode *in);
int orphan_reap(struct ext4 *fs, uint32_t ino); // an inode without names, on the list: it goes
int orphans_process(struct ext4 *fs); // at mount

// dirent.c, dir.c
struct place { // of an entry
	struct buf *buf;
	struct disk_dirent *e, *before; // before: in the same block, or NULL
};
struct disk_dirent *dirent_next(const struct ext4 *fs, const struct buf *b, uint32_t *at);
int dir_block(struct ext4 *fs, struct inode *dir, uint32_t at, struct buf **b);
int dir_find_in(struct ext4 *fs, struct buf *b, const char *name, size_t len, struct place *p);
int dir_find(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct place *p);
int dir_add(struct ext4 *fs, struct inode *dir, const char *name, size_t len, uint32_t ino,
	    uint32_t mode);
int dir_remove(struct ext4 *fs, struct inode *dir, struct place *p);
int dir_set(struct ext4 *fs, struct place *p, uint32_t ino, uint32_t mode);
int dir_make(struct ext4 *fs, struct inode *dir, uint32_t parent); // "." and ".."
int dir_dots(struct ext4 *fs, struct inode *dir, struct place *up); // the entry ".."
int dir_empty(struct ext4 *fs, struct inode *dir); // 0 or -ENOTEMPTY
int dir_append(struct ext4 *fs, struct inode *dir, struct buf **b); // one more block
uint32_t dir_room(const struct ext4 *fs); // bytes of a block that are for entries
void dir_block_init(const struct ext4 *fs, struct buf *b, uint32_t from); // one free entry
// The first free place for `need` bytes in a block; 1: done, 0: there is none.
int dir_put(struct ext4 *fs, struct buf *b, uint32_t need, const char *name, size_t len,
	    uint32_t ino, uint32_t mode);

// htree.c, htree_add.c, hash.c
int htree_find(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct place *p);
int htree_add(struct ext4 *fs, struct inode *dir, const char *name, size_t len, uint32_t ino,
	      uint32_t mode);

// node.c
int nodes_init(struct ext4 *fs);
int nodes_reap(struct ext4 *fs); // files without names that the guest had open: they go
void nodes_free(struct ext4 *fs);
struct node *node_find(struct ext4 *fs, uint32_t ino);
struct node *node_at(struct ext4 *fs, uint32_t number);
struct node *node_make(struct ext4 *fs, uint32_t ino); // or the one that is there; NULL: no memory
void node_drop(struct ext4 *fs, struct node *n);

// The operations: ops_*.c. data: r->len bytes.
struct call {
	struct ext4 *fs;
	struct volume_request *r;
	struct node *node, *other;
	uint8_t *data;
};
int64_t do_lookup(struct call *c);
int64_t do_create(struct call *c);
int64_t do_link(struct call *c);
int64_t do_unlink(struct call *c);
int64_t do_rename(struct call *c);
int64_t do_readdir(struct call *c);
int64_t do_readlink(struct call *c);
int64_t do_getattr(struct call *c);
int64_t do_setattr(struct call *c);
int64_t do_open(struct call *c);
int64_t do_read(struct call *c);
int64_t do_write(struct call *c);
int64_t do_seek(struct call *c);
int64_t do_allocate(struct call *c);
int64_t do_fsync(struct call *c);
int64_t do_syncfs(struct call *c);
int64_t do_statfs(struct call *c);
int ext4_sync(struct ext4 *fs, bool data);
// ops_name.c: what renaming needs too.
int dir_of(struct ext4 *fs, const struct node *n, struct inode *dir, bool change);
int dir_links(struct ext4 *fs, struct inode *dir, int by); // a directory in it comes or goes
int name_lost(struct ext4 *fs, struct inode *in, bool *gone);
int reap_unknown(struct ext4 *fs, uint32_t ino);

#endif
